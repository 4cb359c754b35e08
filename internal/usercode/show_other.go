//go:build !js

package usercode

import "os"

func show(title, detail, stack string) { log(title + "\n" + detail + "\n" + stack) }

func log(text string) { _, _ = os.Stderr.WriteString(text + "\n") }
