"""How everything looks: tokens as Qt values, painting, marks, icons, and the controls made of them."""
