//go:build !unix

package main

func ignoreTerm() {}
