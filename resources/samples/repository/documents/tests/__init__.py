"""Tests of courier."""
