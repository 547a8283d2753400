// Package simulated is what the simulators of one process share: a durable journal, a
// script of faults, and the pages for people.
package simulated
