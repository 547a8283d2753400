package main

// Harden is for its test.
var Harden = harden

// Gateways are the message gateways of the program.
var Gateways = gateways
