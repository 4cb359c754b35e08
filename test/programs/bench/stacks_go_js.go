//go:build !tinygo

package main

import "runtime"

// stacks returns the number of bytes of goroutine stacks.
func stacks(m *runtime.MemStats) int64 { return int64(m.StackInuse) }
