package shape

import (
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/manifest"
)

func (c *checker) mapping(s *Shape, v *manifest.Part, what string) {
	switch n := float64(len(v.Entries)); {
	case n < s.min:
		c.fault(v, "Add entries, or remove it.", "%s needs at least %s", what, entries(s.min))
	case n > s.max:
		c.fault(v, "Remove some.", "%s has %s; Forge allows at most %s", what, entries(n), plain(s.max))
	}
	if s.names != nil {
		for _, e := range v.Entries {
			name := &manifest.Part{Kind: manifest.Text, Text: e.Key, Line: e.Part.Line, Column: e.Part.Column}
			c.check(s.names, name, "name in "+what)
		}
	}
	chosen := c.choose(s, v, what)
	c.members(s.members, v, what)
	c.others(s, chosen, v, what)
	if s.open {
		c.mistyped(s, v, what)
	}
}

// mistyped finds members of an open mapping whose names are almost those of known ones.
func (c *checker) mistyped(s *Shape, v *manifest.Part, what string) {
	names := s.Members()
	for _, e := range v.Entries {
		if slices.Contains(names, e.Key) || c.ignored != nil && c.ignored(e.Key) {
			continue
		}
		near := Nearest(e.Key, names)
		if near == "" || v.Get(near) != nil {
			continue
		}
		c.fault(e.Part, "Did you mean "+near+"?", "%s has %q, which Forge ignores", what, e.Key)
		c.faults[len(c.faults)-1].Minor = true
	}
}

// members checks the members that a list names.
func (c *checker) members(list []member, v *manifest.Part, what string) {
	for _, m := range list {
		switch part := v.Get(m.name); {
		case part != nil:
			c.check(m.shape, part, within(what, m.name))
		case m.required:
			fix := `Add "` + m.name + `: …"`
			if kind := m.shape.describe(); kind != "" {
				fix += ", " + kind
			}
			c.fault(v, fix+".", "%s has no %s", what, m.name)
		}
	}
}

// within returns the name of a member, such as "the view of jira:customField".
func within(what, name string) string {
	if what == "" {
		return name
	}
	return name + " of " + what
}

// choose checks a mapping's alternatives, and returns those whose members the mapping may have: the one that fits, or the one
// that was meant.
func (c *checker) choose(s *Shape, v *manifest.Part, what string) [][]member {
	if s.alternatives == nil {
		return nil
	}
	var fitting [][]member
	best, bestScore := 0, -1
	for i, list := range s.alternatives {
		faults := c.try(func(c *checker) {
			c.members(list, v, what)
			c.others(s, [][]member{list}, v, what)
		})
		if len(faults) == 0 {
			fitting = append(fitting, list)
		}
		score := 0
		for _, m := range list {
			if part := v.Get(m.name); part != nil {
				score++
				if m.required && len(c.try(func(c *checker) { c.check(m.shape, part, "") })) == 0 {
					score += 4
				}
			}
		}
		if score > bestScore {
			best, bestScore = i, score
		}
	}
	switch {
	case len(fitting) == 1, len(fitting) > 1 && s.inclusive:
		return fitting
	case len(fitting) > 1:
		c.fault(v, "Keep one of them.", "%s has %s at once", what, strings.Join(needs(s, v, true), " and "))
		return fitting
	}
	if names := needs(s, v, false); len(needs(s, v, true)) == 0 && len(names) > 1 {
		c.fault(v, "Add one of them.", "%s needs %s", what, strings.Join(names, " or "))
		return s.alternatives
	}
	list := s.alternatives[best]
	c.members(list, v, what)
	return [][]member{list}
}

// needs returns the required members that tell the alternatives apart: all of them, or only the mapping's.
func needs(s *Shape, v *manifest.Part, present bool) []string {
	var names []string
	for _, list := range s.alternatives {
		for _, m := range list {
			if m.required && !slices.Contains(names, m.name) && (!present || v.Get(m.name) != nil) {
				names = append(names, m.name)
			}
		}
	}
	return names
}

// others checks the members that are neither in the mapping's list nor in the chosen alternatives.
func (c *checker) others(s *Shape, chosen [][]member, v *manifest.Part, what string) {
	if s.open && s.patterned == nil && s.rest == nil {
		return
	}
	known := func(name string) bool {
		is := func(m member) bool { return m.name == name }
		return slices.ContainsFunc(s.members, is) || slices.ContainsFunc(chosen, func(list []member) bool { return slices.ContainsFunc(list, is) })
	}
	for _, e := range v.Entries {
		matched := false
		for _, p := range s.patterned {
			if p.pattern.MatchString(e.Key) {
				matched = true
				c.check(p.shape, e.Part, within(what, e.Key))
			}
		}
		switch {
		case matched, known(e.Key), c.ignored != nil && c.ignored(e.Key):
		case s.rest != nil:
			c.check(s.rest, e.Part, within(what, e.Key))
		case !s.open:
			c.unknown(s, chosen, e, what)
		}
	}
}

func (c *checker) unknown(s *Shape, chosen [][]member, e manifest.Entry, what string) {
	var names []string
	for _, list := range append([][]member{s.members}, chosen...) {
		for _, m := range list {
			names = append(names, m.name)
		}
	}
	fix := "Remove it."
	if near := Nearest(e.Key, names); near != "" {
		fix = "Did you mean " + near + "?"
	} else if len(names) > 0 {
		fix = "Remove it. Allowed are " + strings.Join(names, ", ") + "."
	}
	where := what
	if where == "" {
		where = "the manifest"
	}
	c.fault(e.Part, fix, "%s cannot have %q", where, shortened(e.Key))
}

// Nearest returns the name that differs from a mistyped one by at most two changes of a character, or "" if there is none.
func Nearest(text string, names []string) string {
	best, distance := "", 3
	for _, name := range names {
		if d := changes(strings.ToLower(text), strings.ToLower(name), distance); d < distance && d < len(name)/2+1 {
			best, distance = name, d
		}
	}
	return best
}

// changes returns how many characters of a text must be inserted, removed or replaced to make another, or limit if more.
func changes(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			next := min(row[j], row[j+1]) + 1
			if a[i] == b[j] {
				next = min(next, before)
			} else {
				next = min(next, before+1)
			}
			before, row[j+1] = row[j+1], next
		}
	}
	return min(row[len(b)], limit)
}
