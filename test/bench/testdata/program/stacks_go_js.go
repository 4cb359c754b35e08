//go:build !tinygo

package main

import "runtime"

// stacks gives the bytes of goroutines' stacks.
func stacks(m *runtime.MemStats) int64 { return int64(m.StackInuse) }
