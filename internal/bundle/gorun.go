package bundle

import (
	"path/filepath"
	"slices"
	"strings"
)

// GoRun is a command that compiles a Go program and runs it: go run [flags] package [arguments].
type GoRun struct {
	// Dir is where the go command and the program run, from the flag -C. It is relative to where the whole command
	// would run, and empty without that flag.
	Dir string
	// Flags are the build flags without -C, which "go build" and "go list" accept too.
	Flags []string
	// Packages is the package, or the Go files that the program consists of.
	Packages []string
	// Args are the program's own arguments.
	Args []string
}

// Build returns the command that only compiles the program, to run in the same folder as the whole command. As "go run" does, it
// leaves out the state of version control, unless Flags ask for it.
func (r GoRun) Build(out string) []string {
	command := []string{"go", "build"}
	if r.Dir != "" {
		command = append(command, "-C", r.Dir) // The go command accepts it only as its first flag.
	}
	command = append(command, "-buildvcs=false")
	return slices.Concat(command, r.Flags, []string{"-o", out}, r.Packages)
}

// The build flags that do not change what "go build" does compared with "go run", without dashes. The value says
// whether the flag has a value of its own. Source: https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies
var goRunFlags = map[string]bool{
	"C": true, "a": false, "p": true, "race": false, "msan": false, "asan": false, "cover": false, "covermode": true, "coverpkg": true,
	"v": false, "x": false, "asmflags": true, "buildmode": true, "buildvcs": false, "compiler": true, "gccgoflags": true, "gcflags": true,
	"installsuffix": true, "ldflags": true, "linkshared": false, "mod": true, "modcacherw": false, "modfile": true, "overlay": true,
	"pgo": true, "pkgdir": true, "tags": true, "trimpath": false, "toolexec": true,
}

// ParseGoRun reads a command such as "go run -race ./remote -v". ok is false if it is another command, or one that
// does not simply build a local package: it has an unknown flag, such as -exec, or names a version or several
// packages. Such a command must run as it is.
func ParseGoRun(command []string) (r GoRun, ok bool) {
	if len(command) < 3 || command[0] != "go" || command[1] != "run" {
		return GoRun{}, false
	}
	rest := command[2:]
	for len(rest) > 0 && strings.HasPrefix(rest[0], "-") {
		flag := rest[0]
		rest = rest[1:]
		if flag == "--" {
			break
		}
		name, value, hasValue := strings.Cut(strings.TrimPrefix(flag[1:], "-"), "=")
		takesValue, known := goRunFlags[name]
		if !known {
			return GoRun{}, false
		}
		if takesValue && !hasValue {
			if len(rest) == 0 {
				return GoRun{}, false
			}
			value, rest = rest[0], rest[1:]
		}
		switch {
		case name == "C":
			// As the go command does, accept -C only as the first flag.
			if r.Dir != "" || len(r.Flags) > 0 || value == "" {
				return GoRun{}, false
			}
			r.Dir = value
		case takesValue:
			r.Flags = append(r.Flags, "-"+name+"="+value)
		default:
			r.Flags = append(r.Flags, flag)
		}
	}
	files := 0
	for files < len(rest) && strings.HasSuffix(rest[files], ".go") {
		if strings.HasSuffix(rest[files], "_test.go") {
			return GoRun{}, false
		}
		files++
	}
	count := max(files, 1)
	if len(rest) < count || files == 0 && !isOnePackage(rest[0]) {
		return GoRun{}, false
	}
	r.Packages, r.Args = slices.Clone(rest[:count]), slices.Clone(rest[count:])
	return r, true
}

// isOnePackage reports whether an argument of the go command names one package without a version.
func isOnePackage(arg string) bool {
	switch arg {
	case "", "all", "std", "cmd", "tool", "work":
		return false
	}
	local := strings.HasPrefix(arg, ".") || filepath.IsAbs(arg)
	return !strings.Contains(arg, "...") && !strings.HasPrefix(arg, "-") && (local || !strings.Contains(arg, "@"))
}
