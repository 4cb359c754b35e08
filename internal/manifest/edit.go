package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/forgego/forgego/internal/appfile"
)

// ErrCannotEdit means that a file has a form in which a line cannot be added safely.
var ErrCannotEdit = errors.New("the file has a form that forgego does not edit")

// AddTunnelPorts adds tunnel.port to resources of dir/manifest.yml, by key. Comments and formatting stay. The file is replaced
// as a whole, or stays as it is.
//
// Errors: those of the file, and ErrCannotEdit, also if a resource does not exist or has a tunnel already.
func AddTunnelPorts(dir string, ports map[string]int) error {
	file, err := filepath.EvalSymlinks(filepath.Join(dir, "manifest.yml"))
	if err != nil {
		return err
	}
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	text, err := appfile.ReadPath(file, maxFile)
	if err != nil {
		return err
	}
	for key, port := range ports {
		if text, err = addTunnelPort(text, key, port); err != nil {
			return fmt.Errorf("%s: resource %q: %w; add below its path:\n  tunnel:\n    port: %d", filepath.Join(dir, "manifest.yml"), key, err, port)
		}
	}
	temp, err := os.CreateTemp(filepath.Dir(file), ".manifest-*.yml")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(text)
	if err = errors.Join(err, temp.Chmod(info.Mode().Perm()), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), file)
}

// addTunnelPort returns a manifest with one more tunnel.port. It tries the places where the lines can stand, and takes the
// first one at which the manifest then has the port and is otherwise the same.
func addTunnelPort(text []byte, key string, port int) ([]byte, error) {
	bom := []byte("\xef\xbb\xbf")
	body, hasMark := bytes.CutPrefix(text, bom)
	before, err := ParseDocument("manifest.yml", body)
	if err != nil {
		return nil, err
	}
	resource := resourceOf(before, key)
	if resource == nil || resource.Get("tunnel") != nil {
		return nil, ErrCannotEdit
	}
	resource.Entries = append(resource.Entries, Entry{"tunnel", &Part{Kind: Mapping, Entries: []Entry{{"port", &Part{Kind: Number, Number: float64(port)}}}}})
	for _, edited := range edits(body, resource, port) {
		if after, err := ParseDocument("manifest.yml", edited); err == nil && reflect.DeepEqual(plain(after.Root), plain(before.Root)) {
			if hasMark {
				edited = append(bom, edited...)
			}
			return edited, nil
		}
	}
	return nil, ErrCannotEdit
}

func resourceOf(d *Document, key string) *Part {
	for _, r := range d.Root.List("resources") {
		if r.Str("key") == key {
			return r
		}
	}
	return nil
}

// edits returns the text with the port at each place where it may stand: after the line of each member, the path first, or
// after the opening brace of a resource on one line.
func edits(text []byte, resource *Part, port int) [][]byte {
	end := "\n"
	if bytes.Contains(text, []byte("\r\n")) {
		end = "\r\n"
	}
	lines := strings.SplitAfter(string(text), "\n")
	var all [][]byte
	first := resource.Entries[0].Part.Column
	at := []*Part{resource.Get("path")}
	for _, e := range resource.Entries[:len(resource.Entries)-1] {
		at = append(at, e.Part)
	}
	for _, part := range at {
		if part == nil || part.Line > len(lines) {
			continue
		}
		indent := strings.Repeat(" ", first-1)
		added := indent + "tunnel:" + end + indent + "  port: " + fmt.Sprint(port) + end
		line := lines[part.Line-1]
		if !strings.HasSuffix(line, "\n") {
			line += end
		}
		edited := strings.Join(lines[:part.Line-1], "") + line + added + strings.Join(lines[part.Line:], "")
		all = append(all, []byte(edited))
	}
	if resource.Line <= len(lines) {
		line := lines[resource.Line-1]
		offset := 0
		for range resource.Column - 1 {
			_, size := utf8.DecodeRuneInString(line[offset:])
			offset += size
		}
		if strings.HasPrefix(line[offset:], "{") {
			edited := line[:offset+1] + fmt.Sprintf("tunnel: {port: %d}, ", port) + strings.TrimLeft(line[offset+1:], " ")
			all = append(all, []byte(strings.Join(lines[:resource.Line-1], "")+edited+strings.Join(lines[resource.Line:], "")))
		}
	}
	return all
}

// plain returns a value without places.
func plain(v *Part) any {
	switch v.Kind {
	case Mapping:
		members := map[string]any{}
		for _, e := range v.Entries {
			members[e.Key] = plain(e.Part)
		}
		return members
	case List:
		items := []any{}
		for _, item := range v.Items {
			items = append(items, plain(item))
		}
		return items
	case Bool:
		return v.Bool
	case Number:
		return v.Number
	case Text:
		return v.Text
	}
	return nil
}
