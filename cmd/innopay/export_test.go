package main

// Harden is for its test.
var Harden = harden
