package check

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/appfile"
	"github.com/forgego/forgego/internal/bundle"
)

// Limits of a resource: https://developer.atlassian.com/platform/forge/limits-resource/. It says "megabytes (MB)", and an MB is
// 1024 * 1024 bytes in @forge/cli-shared 9.8.0.
const (
	megabyte  = 1 << 20
	maxBundle = 100 * megabyte
	maxFiles  = 5000
	// maxStyle is the size of the largest style sheet that is read, in bytes.
	maxStyle = 2 << 20
)

// knownHidden are files of other tools, and of forgego build, which no page loads.
var knownHidden = []string{".gitignore", ".gitkeep", ".gitattributes", ".DS_Store", bundle.Record}

// bundle checks the files of a resource.
func (c *checker) bundle(r *resource) {
	var size, files int64
	var hidden []string
	err := bundle.Walk{
		File: func(_ *os.Root, name string, info fs.FileInfo) error {
			files++
			size += info.Size()
			if path.Ext(name) == ".css" {
				c.style(r, name)
			}
			return nil
		},
		Hidden: func(name string) {
			if !slices.Contains(knownHidden, path.Base(name)) {
				hidden = append(hidden, name)
			}
		},
		Unreadable: func(name string, err error) {
			c.add(Problem{File: filepath.Join(r.folder, filepath.FromSlash(name)), Severity: Error, Message: "cannot be read: " + cause(err).Error(), Fix: "Check its permissions."})
		},
	}.Run(r.folder)
	at := r.part.Get("path")
	if errors.Is(err, bundle.ErrTooMany) {
		c.fail(at, "Remove what the page does not load.", "resource %q has %v", r.key, bundle.ErrTooMany)
	} else if err != nil {
		c.fail(at, "Check its permissions.", "the folder of resource %q cannot be read: %v", r.key, cause(err))
	}
	if files > maxFiles {
		c.fail(at, "Bundle them, or split the resource.", "resource %q has %d files; Forge allows at most %d", r.key, files, maxFiles)
	}
	if size > maxBundle {
		c.fail(at, "Remove what the page does not load.", "resource %q has %s; Forge allows at most 100 MB", r.key, fmt.Sprintf("%.2f MB", math.Ceil(float64(size)*100/megabyte)/100))
	}
	for i, name := range hidden {
		if i == 5 {
			c.warn(at, "Remove them, or rename the files that the page loads.", "resource %q has %d more files whose names begin with a dot", r.key, len(hidden)-i)
			break
		}
		c.warn(at, "Remove it, or rename it if the page loads it.", "%q of resource %q is not deployed, because its name begins with a dot", name, r.key)
	}
	c.program(r)
}

// program checks what forgego build writes.
func (c *checker) program(r *resource) {
	if r.unbuilt {
		c.warn(r.part.Get("path"), "Build it before you deploy: forgego build", "the program of resource %q is not built yet", r.key)
		return
	}
	o := bundle.Options{Dir: c.options.Dir, Package: r.built, Out: r.part.Str("path")}
	for _, f := range bundle.Inspect(c.ctx, o) {
		severity := Error
		if f.Minor {
			severity = Warning
		}
		c.add(Problem{File: filepath.Join(r.folder, f.Name), Severity: severity, Message: f.Text, Fix: f.Fix})
	}
}

var absoluteInStyle = regexp.MustCompile(`url\(\s*["']?(/[^/"')\s][^"')\s]*)`)

// style checks the addresses in a style sheet.
func (c *checker) style(r *resource, name string) {
	data, err := appfile.ReadIn(r.folder, name, maxStyle)
	if err != nil {
		return // A large style sheet is not checked.
	}
	p := &pageCheck{checker: c, file: filepath.Join(r.folder, filepath.FromSlash(name)), text: string(data)}
	for _, at := range absoluteInStyle.FindAllSubmatchIndex(data, 20) {
		address := string(data[at[2]:at[3]])
		p.fault(at[2], fmt.Sprintf("Write it relative to the style sheet, such as %q.", strings.TrimLeft(address, "/")),
			"the address %q is absolute, but a site serves the resource from a folder", address)
	}
}
