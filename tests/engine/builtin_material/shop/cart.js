// The cart in the browser. Report faults to shop-team@lantern.example
import { money } from "./money.js";

export class Cart {
  constructor(lines) {
    this.lines = lines;
  }
}

export function addLine(cart, line) {
  // TODO: merge equal lines
  return new Cart([...cart.lines, line]);
}

const cartTotal = (cart) => cart.lines.reduce((sum, line) => sum + line.price, 0);
