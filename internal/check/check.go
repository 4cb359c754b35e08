// Package check reports what forge deploy or a site would refuse of an app: in its manifest.yml, in the folders of its
// resources, and, if asked, in its running backend.
//
// The rules follow @forge/manifest 13.7.0 and https://developer.atlassian.com/platform/forge/manifest-reference/. A manifest
// that Atlassian's package accepts has no error here, as far as the manifest alone is concerned: what only we know of a
// manifest is a warning. What the files of a resource prevent is an error.
package check

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"

	"github.com/forgego/forgego/internal/check/forge"
	"github.com/forgego/forgego/internal/manifest"
)

// Options are the options of Run. Dir is required.
type Options struct {
	// Dir is the app's folder.
	Dir string
	// Online also asks the app's remotes and the platform's key set.
	Online bool
	// Site is the origin of the site whose pages call the remotes. The default is an example.
	Site string
	// Client sends these requests. The default is a client of its own.
	Client *http.Client
}

// Run checks an app. The result is empty if nothing is wrong.
func Run(ctx context.Context, o Options) []Problem {
	file := filepath.Join(o.Dir, "manifest.yml")
	if err := checkFolder(o.Dir); err != nil {
		return []Problem{{File: o.Dir, Severity: Error, Message: err.Error(), Fix: "Pass the folder of a Forge app."}}
	}
	doc, err := manifest.ReadDocument(o.Dir)
	if err != nil {
		c := &checker{}
		c.add(fromErrors(err, file, Error)...)
		return c.result()
	}
	c := &checker{ctx: ctx, options: o, doc: doc, root: doc.Root}
	c.parsed()
	dev, err := manifest.LoadDev(o.Dir)
	c.add(fromErrors(err, filepath.Join(o.Dir, "forgego.yml"), Error)...)
	c.readResources(dev)
	c.manifest()
	c.files()
	c.development(dev)
	if o.Online {
		c.online()
	}
	return c.result()
}

// Document checks what a document says, without other files.
func Document(doc *manifest.Document) []Problem {
	c := &checker{ctx: context.Background(), doc: doc, root: doc.Root}
	c.parsed()
	c.manifest()
	return c.result()
}

func checkFolder(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("there is no such folder")
	case err != nil:
		return fmt.Errorf("the folder cannot be opened: %w", cause(err))
	case !info.IsDir():
		return errors.New("this is not a folder")
	}
	return nil
}

// cause returns the system's own error, without the operation and the path.
func cause(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

type checker struct {
	ctx      context.Context
	options  Options
	doc      *manifest.Document
	root     *manifest.Part
	problems []Problem
	// resources holds the resources with a key and a path.
	resources []*resource
	// counts holds the number of problems of each file.
	counts map[string]*count
}

// maxProblems is how many problems of a file are shown. A broken file can have hundreds of thousands.
const maxProblems = 200

// count counts the problems of one file.
type count struct {
	shown  int
	hidden int      // those after the first maxProblems
	worst  Severity // the highest severity of the hidden ones
}

func (c *checker) add(problems ...Problem) {
	for _, p := range problems {
		if c.hide(p.File, p.Severity) {
			continue
		}
		c.counts[p.File].shown++
		c.problems = append(c.problems, p)
	}
}

// hide reports whether the file has maxProblems already. Then it counts the problem as hidden.
func (c *checker) hide(file string, severity Severity) bool {
	if c.counts == nil {
		c.counts = map[string]*count{}
	}
	n := c.counts[file]
	if n == nil {
		n = &count{}
		c.counts[file] = n
	}
	if n.shown < maxProblems {
		return false
	}
	n.hidden++
	n.worst = max(n.worst, severity)
	return true
}

// result returns the problems in order. After those of a file comes one with the number of its hidden problems.
func (c *checker) result() []Problem {
	var list []Problem
	all := sorted(c.problems)
	for i, p := range all {
		list = append(list, p)
		if n := c.counts[p.File]; n.hidden > 0 && (i+1 == len(all) || all[i+1].File != p.File) {
			list = append(list, Problem{File: p.File, Severity: n.worst, Message: fmt.Sprintf("has %d more problems like these", n.hidden), Fix: "Correct the ones above, and run the command again."})
		}
	}
	return list
}

func (c *checker) at(at *manifest.Part, severity Severity, fix, format string, args ...any) {
	line, column := 1, 1
	if at != nil {
		line, column = at.Line, at.Column
	}
	c.add(fromError(c.doc.Fault(line, column, fix, fmt.Sprintf(format, args...)), severity))
}

func (c *checker) fail(at *manifest.Part, fix, format string, args ...any) {
	c.at(at, Error, fix, format, args...)
}

func (c *checker) warn(at *manifest.Part, fix, format string, args ...any) {
	c.at(at, Warning, fix, format, args...)
}

// parsed adds what was found when the manifest was read.
func (c *checker) parsed() {
	for _, e := range c.doc.Faults {
		c.add(fromError(e, Error))
	}
	for _, e := range c.doc.Warnings {
		c.add(fromError(e, Warning))
	}
}

// manifest checks what the manifest alone tells.
func (c *checker) manifest() {
	for _, f := range forge.Manifest().Check(c.root, "", isInternal) {
		c.shapeFault(f)
	}
	c.app()
	c.modules()
	c.references()
	c.singles()
	c.shortcuts()
	c.remotes()
	c.permissions()
	c.providers()
	c.storage()
	c.translationKeys()
}
