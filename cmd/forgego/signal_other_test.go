//go:build !unix

package main

func ignoreTerm() {}

func tellSignals(string) {}
