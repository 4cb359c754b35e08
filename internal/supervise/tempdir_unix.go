//go:build unix

package supervise

// guardFolder removes a folder if this process is killed before it calls release.
func guardFolder(dir string) (release func()) { return newGuard(dir).release }
