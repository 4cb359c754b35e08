package watch

import (
	"path/filepath"
	"strings"
)

// Ignored reports whether a file or a folder is none of the app's, by its name: the folders of version control, of npm
// and of editors, and the files that editors and desktops keep beside the user's.
func Ignored(path string, folder bool) bool {
	name := filepath.Base(path)
	if folder {
		switch name {
		case ".git", ".hg", ".svn", ".jj", ".bzr", "CVS", "node_modules", ".idea", ".vscode", ".vs", ".cache":
			return true
		}
		return false
	}
	switch name {
	// Vim creates 4913 to try whether a folder is writable.
	case "4913", ".DS_Store", "Thumbs.db", "desktop.ini":
		return true
	}
	switch {
	case strings.HasSuffix(name, "~"), strings.HasPrefix(name, ".#"), strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#"):
		return true
	case strings.HasPrefix(name, ".") && isSwap(filepath.Ext(name)):
		return true
	case strings.HasPrefix(name, ".goutputstream-"), strings.HasPrefix(name, ".nfs"):
		return true
	}
	return strings.HasSuffix(name, ".kate-swp") || strings.HasSuffix(name, "___jb_tmp___") || strings.HasSuffix(name, "___jb_old___")
}

// isSwap reports whether an extension is one of Vim's swap files: .swp, then .swo, .swn and so on.
func isSwap(extension string) bool {
	return len(extension) == 4 && strings.HasPrefix(extension, ".sw") && extension[3] >= 'a' && extension[3] <= 'z'
}
