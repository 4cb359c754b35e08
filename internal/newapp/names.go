package newapp

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// maxName is how many characters an app's name may have. Menus of the products cut longer ones.
const maxName = 60

// CheckName returns an error that says why a text cannot be the name of an app.
func CheckName(name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return errors.New("the name is empty; write what the product should show, such as Notes")
	case name != strings.TrimSpace(name):
		return fmt.Errorf("the name %q starts or ends with a space", name)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return fmt.Errorf("the name %q has characters that cannot be shown", name)
	case utf8.RuneCountInString(name) > maxName:
		return fmt.Errorf("the name has %d characters; use at most %d", utf8.RuneCountInString(name), maxName)
	}
	return nil
}

// ownModule is the module of forgego itself.
const ownModule = "github.com/forgego/forgego"

// CheckModule returns an error that says why a text cannot be the path of the app's Go module.
func CheckModule(modulePath string) error {
	switch {
	case modulePath == "":
		return errors.New("the module path is empty; use one such as example.com/notes")
	case modulePath == ownModule || strings.HasPrefix(modulePath, ownModule+"/"):
		return fmt.Errorf("the module path %q belongs to forgego; use one of your own, such as example.com/notes", modulePath)
	}
	if first, _, _ := strings.Cut(modulePath, "/"); !strings.Contains(first, ".") {
		return fmt.Errorf("the first part of the module path %q has no dot, and such paths belong to Go's standard library; use one such as example.com/%s",
			modulePath, slug(path.Base(modulePath)))
	}
	if err := module.CheckPath(modulePath); err != nil {
		return fmt.Errorf("the module path is not valid: %w; use small letters, digits and dashes, as in example.com/notes", err)
	}
	return nil
}

// DefaultName returns a name for the app in a folder: "Team notes" for "team-notes".
func DefaultName(dir string) string {
	name := strings.Join(strings.FieldsFunc(base(dir), func(r rune) bool { return strings.ContainsRune("-_. ", r) || !unicode.IsPrint(r) }), " ")
	first, size := utf8.DecodeRuneInString(name)
	name = string(unicode.ToUpper(first)) + name[size:]
	if CheckName(name) != nil || size == 0 {
		return "App"
	}
	return name
}

// DefaultModule returns a module path for the app in a folder: below that of the module around the folder, or else below
// example.com.
func DefaultModule(dir string) string {
	outer, err := filepath.Abs(dir)
	if err != nil {
		return "example.com/app"
	}
	inner := ""
	for {
		inner = path.Join(slug(filepath.Base(outer)), inner)
		parent := filepath.Dir(outer)
		if parent == outer {
			return "example.com/" + slug(base(dir))
		}
		outer = parent
		if text, err := os.ReadFile(filepath.Join(outer, "go.mod")); err == nil {
			if modulePath := modfile.ModulePath(text) + "/" + inner; CheckModule(modulePath) == nil {
				return modulePath
			}
		}
	}
}

// base returns the name of a folder, also for ".".
func base(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	return filepath.Base(dir)
}

// slug returns a name in the letters of a module path: "team-notes" for "Team Notes". If that would lose letters, it returns
// "app".
func slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.IsLetter(r):
			return "app"
		default:
			b.WriteByte('-')
		}
	}
	parts := strings.FieldsFunc(b.String(), func(r rune) bool { return r == '-' })
	if len(parts) == 0 {
		return "app"
	}
	return strings.Join(parts, "-")
}
