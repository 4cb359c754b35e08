package terminal

import "fmt"

// Size returns a number of bytes for people, such as "4.1 kB" or "2.3 MB".
func Size(bytes int) string {
	if bytes < 1_000_000 {
		return fmt.Sprintf("%.1f kB", float64(bytes)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}
