package shape

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/forgego/forgego/internal/manifest"
)

// Fault is what is wrong with a value.
type Fault struct {
	Line, Column int
	// Msg says what is wrong, and Fix what to change.
	Msg, Fix string
	// Minor means that the value is allowed, but probably not what was meant.
	Minor bool
}

// Check returns the faults of a value. What names the value in them, such as "jira:issuePanel". The members in ignored are
// allowed in every mapping.
func (s *Shape) Check(v *manifest.Part, what string, ignored func(name string) bool) []Fault {
	c := &checker{ignored: ignored}
	c.check(s, v, what)
	return c.faults
}

type checker struct {
	ignored func(string) bool
	faults  []Fault
}

func (c *checker) fault(v *manifest.Part, fix, format string, args ...any) {
	c.faults = append(c.faults, Fault{Line: v.Line, Column: v.Column, Msg: fmt.Sprintf(format, args...), Fix: fix})
}

// try returns the faults of a value without keeping them, except minor ones.
func (c *checker) try(check func(*checker)) []Fault {
	inner := &checker{ignored: c.ignored}
	check(inner)
	return slices.DeleteFunc(inner.faults, func(f Fault) bool { return f.Minor })
}

func (c *checker) check(s *Shape, v *manifest.Part, what string) {
	s = s.resolved()
	if !s.isKind(v) {
		c.fault(v, "Write "+s.describe()+".", "%s must be %s, but is %s", what, s.describe(), describe(v))
		return
	}
	switch s.kind {
	case kindNumber, kindInteger:
		c.number(s, v, what)
	case kindText:
		c.text(s, v, what)
	case kindLabel:
		if v.Kind == manifest.Mapping {
			c.check(i18n, v, what)
		} else {
			c.text(s, v, what)
		}
	case kindWords:
		if !slices.Contains(s.words, v.Text) {
			fix := "Use one of " + strings.Join(s.words, ", ") + "."
			if len(s.words) == 1 {
				fix = "Use " + s.words[0] + "."
			}
			c.fault(v, fix, "%s cannot be %q", what, v.Text)
		}
	case kindList:
		c.list(s, v, what)
	case kindMapping:
		c.mapping(s, v, what)
	case kindAllOf:
		for _, part := range s.parts {
			c.check(part, v, what)
		}
	case kindOne, kindAnyOf:
		c.parts(s, v, what)
	}
}

// i18n is the alternative of a label.
var i18n = Parse("i18n: {i18n!:text(1..300)/^[a-zA-Z0-9_-]+(\\.[a-zA-Z0-9_-]+)*$/}")["i18n"]

func (c *checker) number(s *Shape, v *manifest.Part, what string) {
	switch {
	case v.Number < s.min:
		c.fault(v, "Use at least "+plain(s.min)+".", "%s is %s, less than %s", what, plain(v.Number), plain(s.min))
	case v.Number > s.max:
		c.fault(v, "Use at most "+plain(s.max)+".", "%s is %s, more than %s", what, plain(v.Number), plain(s.max))
	case s.step > 0 && math.Mod(v.Number, s.step) != 0:
		c.fault(v, "Use a multiple of "+plain(s.step)+".", "%s is not a multiple of %s", what, plain(s.step))
	}
}

func (c *checker) text(s *Shape, v *manifest.Part, what string) {
	switch length := float64(utf8.RuneCountInString(v.Text)); {
	case length < s.min && length == 0:
		c.fault(v, "Write a text.", "%s is empty", what)
	case length < s.min:
		c.fault(v, "Write at least "+plain(s.min)+" characters.", "%s has %s characters, fewer than %s", what, plain(length), plain(s.min))
	case length > s.max:
		c.fault(v, "Shorten it to at most "+plain(s.max)+" characters.", "%s has %s characters; Forge allows at most %s", what, plain(length), plain(s.max))
	case s.pattern != nil && !s.pattern.MatchString(v.Text):
		fix := "It must match the pattern " + s.pattern.String() + "."
		if text := s.pattern.String(); text == "^[a-zA-Z0-9_-]+$" || text == "^[a-zA-Z0-9-_]+$" {
			fix = "Use letters, digits, _ and - only."
		}
		c.fault(v, fix, "Forge refuses the %s %q", what, shortened(v.Text))
	}
}

func (c *checker) list(s *Shape, v *manifest.Part, what string) {
	switch n := float64(len(v.Items)); {
	case n < s.min:
		c.fault(v, "Add entries, or remove the list.", "%s needs at least %s", what, entries(s.min))
	case n > s.max:
		c.fault(v, "Remove some.", "%s has %s; Forge allows at most %s", what, entries(n), plain(s.max))
	}
	seen := map[string]bool{}
	for _, item := range v.Items {
		c.check(s.item, item, what)
		if !s.unique {
			continue
		}
		key := canonical(item)
		if seen[key] {
			c.fault(item, "Remove one of the two.", "an entry of %s is there twice", what)
		}
		seen[key] = true
	}
}

func entries(n float64) string {
	if n == 1 {
		return "one entry"
	}
	return plain(n) + " entries"
}

func (c *checker) parts(s *Shape, v *manifest.Part, what string) {
	var best []Fault
	fits := 0
	for _, part := range s.parts {
		faults := c.try(func(c *checker) { c.check(part, v, what) })
		if len(faults) == 0 {
			fits++
		} else if part.isKind(v) && (best == nil || len(faults) < len(best)) {
			best = faults
		}
	}
	switch {
	case fits == 1, fits > 1 && s.kind == kindAnyOf:
	case fits > 1:
		c.fault(v, "Keep the members of one of the forms only.", "%s has more than one form at once", what)
	default:
		c.faults = append(c.faults, best...)
	}
}

// isKind reports whether a value has the kind of a shape, whatever its content.
func (s *Shape) isKind(v *manifest.Part) bool {
	s = s.resolved()
	switch s.kind {
	case kindBool:
		return v.Kind == manifest.Bool
	case kindYes, kindNo:
		return v.Kind == manifest.Bool && v.Bool == (s.kind == kindYes)
	case kindNumber:
		return v.Kind == manifest.Number
	case kindInteger:
		return v.Kind == manifest.Number && v.Number == math.Trunc(v.Number)
	case kindText, kindWords:
		return v.Kind == manifest.Text
	case kindLabel:
		return v.Kind == manifest.Text || v.Kind == manifest.Mapping
	case kindList:
		return v.Kind == manifest.List
	case kindMapping:
		return v.Kind == manifest.Mapping
	case kindOne, kindAnyOf:
		return slices.ContainsFunc(s.parts, func(p *Shape) bool { return p.isKind(v) })
	case kindAllOf:
		return !slices.ContainsFunc(s.parts, func(p *Shape) bool { return !p.isKind(v) })
	}
	return true
}

// describe returns what a value of a shape is, such as "a text".
func (s *Shape) describe() string {
	s = s.resolved()
	switch s.kind {
	case kindBool:
		return "true or false"
	case kindYes:
		return "true"
	case kindNo:
		return "false"
	case kindNumber:
		return "a number"
	case kindInteger:
		return "a whole number"
	case kindText:
		return "a text"
	case kindWords:
		if len(s.words) == 1 {
			return strconv.Quote(s.words[0])
		}
		return "a text"
	case kindLabel:
		return "a text or {i18n: key}"
	case kindList:
		return "a list"
	case kindMapping:
		return "a mapping"
	case kindAllOf:
		return s.parts[0].describe()
	}
	var kinds []string
	for _, p := range s.parts {
		if d := p.describe(); !slices.Contains(kinds, d) {
			kinds = append(kinds, d)
		}
	}
	return strings.Join(kinds, " or ")
}

func describe(v *manifest.Part) string {
	switch v.Kind {
	case manifest.Bool:
		return strconv.FormatBool(v.Bool)
	case manifest.Number:
		return "the number " + plain(v.Number)
	case manifest.Text:
		return "the text " + strconv.Quote(shortened(v.Text))
	case manifest.List:
		return "a list"
	case manifest.Mapping:
		return "a mapping"
	}
	return "empty"
}

const maxQuoted = 60

func shortened(text string) string {
	if runes := []rune(text); len(runes) > maxQuoted {
		return string(runes[:maxQuoted]) + "…"
	}
	return text
}

func plain(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// canonical returns a text that is equal for equal values.
func canonical(v *manifest.Part) string {
	switch v.Kind {
	case manifest.Mapping:
		members := map[string]string{}
		for _, e := range v.Entries {
			members[e.Key] = canonical(e.Part)
		}
		text, _ := json.Marshal(members)
		return string(text)
	case manifest.List:
		var items []string
		for _, item := range v.Items {
			items = append(items, canonical(item))
		}
		return "[" + strings.Join(items, ",") + "]"
	case manifest.Text:
		return strconv.Quote(v.Text)
	}
	return describe(v)
}
