//go:build !js

package usercode

import "os"

func show(title, detail, stack string) {
	_, _ = os.Stderr.WriteString(title + "\n" + detail + "\n" + stack + "\n")
}
