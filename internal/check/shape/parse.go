package shape

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Parse reads definitions. It panics if a text is not valid, because the texts are part of the program.
func Parse(texts ...string) map[string]*Shape {
	shapes := map[string]*Shape{}
	var names []*Shape
	for _, text := range texts {
		for _, d := range definitions(text) {
			p := &parser{text: d.body}
			if shapes[d.name] != nil {
				panic("shape: " + d.name + " is defined twice")
			}
			shapes[d.name] = p.kind()
			if p.space(); p.at < len(p.text) {
				p.fail("the definition of " + d.name + " ends too early")
			}
			names = append(names, p.names...)
		}
	}
	for _, s := range names {
		if s.target = shapes[s.name]; s.target == nil {
			panic("shape: " + s.name + " is not defined")
		}
	}
	return shapes
}

type definition struct{ name, body string }

var definitionLine = regexp.MustCompile(`^([A-Za-z0-9:-]+):(?: +(.*))?$`)

func definitions(text string) []definition {
	var list []definition
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case line == "" || line[0] == '#':
		case line[0] == ' ':
			list[len(list)-1].body += line
		default:
			parts := definitionLine.FindStringSubmatch(line)
			if parts == nil {
				panic("shape: not a definition: " + line)
			}
			list = append(list, definition{parts[1], parts[2]})
		}
	}
	return list
}

type parser struct {
	text  string
	at    int
	names []*Shape
}

func (p *parser) fail(why string) {
	panic(fmt.Sprintf("shape: %s at %q", why, p.text[p.at:min(len(p.text), p.at+40)]))
}

func (p *parser) space() {
	for p.at < len(p.text) && p.text[p.at] == ' ' {
		p.at++
	}
}

// take reports whether the text continues with a token, and skips it.
func (p *parser) take(token string) bool {
	if strings.HasPrefix(p.text[p.at:], token) {
		p.at += len(token)
		return true
	}
	return false
}

func (p *parser) expect(token string) {
	if !p.take(token) {
		p.fail("no " + token)
	}
}

var wordStart = regexp.MustCompile(`^[A-Za-z0-9_]+`)

func (p *parser) word() string {
	word := wordStart.FindString(p.text[p.at:])
	if word == "" {
		p.fail("no name")
	}
	p.at += len(word)
	return word
}

// bounds reads a range such as (1..20 unique), if there is one.
func (p *parser) bounds(s *Shape) {
	if !p.take("(") {
		return
	}
	end := strings.IndexByte(p.text[p.at:], ')')
	inside, unique := strings.CutSuffix(p.text[p.at:p.at+end], "unique")
	p.at += end + 1
	s.unique = unique
	if inside = strings.TrimSpace(inside); inside == "" {
		return
	}
	least, most, ok := strings.Cut(inside, "..")
	if !ok {
		p.fail("no range")
	}
	number := func(text string, fallback float64) float64 {
		if text == "" {
			return fallback
		}
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			p.fail(err.Error())
		}
		return n
	}
	s.min, s.max = number(least, s.min), number(most, s.max)
}

// regex reads /pattern/. The pattern ends at the last slash before a space or a bracket that is not part of it, so that
// patterns may have slashes.
func (p *parser) regex() *regexp.Regexp {
	start := p.at
	for end := start; end < len(p.text); end++ {
		if p.text[end] != '/' || end+1 < len(p.text) && !strings.ContainsRune(" )]}:", rune(p.text[end+1])) {
			continue
		}
		if r, err := regexp.Compile(p.text[start:end]); err == nil {
			p.at = end + 1
			return r
		}
	}
	p.fail("no end of a pattern")
	return nil
}

var builtin = map[string]kind{
	"any": kindAny, "bool": kindBool, "yes": kindYes, "no": kindNo, "number": kindNumber, "integer": kindInteger, "text": kindText, "label": kindLabel,
}

func (p *parser) kind() *Shape {
	p.space()
	s := &Shape{}
	s.min, s.max = unbounded()
	switch {
	case p.take("<"):
		s.kind, s.words = kindWords, p.choices()
	case p.take("["):
		s.kind, s.item = kindList, p.kind()
		p.space()
		p.expect("]")
		p.bounds(s)
	case p.take("{"):
		s.kind = kindMapping
		p.mapping(s)
		p.bounds(s)
	case p.take("one("):
		s.kind, s.parts = kindOne, p.parts("|")
	case p.take("any("):
		s.kind, s.parts = kindAnyOf, p.parts("|")
	case p.take("all("):
		s.kind, s.parts = kindAllOf, p.parts("&")
	default:
		p.named(s)
	}
	return s
}

func (p *parser) named(s *Shape) {
	word := p.word()
	if word == "object" {
		s.kind, s.open = kindMapping, true
		return
	}
	known, ok := builtin[word]
	if !ok {
		s.kind, s.name = kindName, word
		p.names = append(p.names, s)
		return
	}
	s.kind = known
	switch known {
	case kindLabel:
		s.min, s.max = 1, 255
	case kindNumber, kindInteger:
		s.min = math.Inf(-1)
	}
	p.bounds(s)
	if known == kindText && p.take("/") {
		s.pattern = p.regex()
	}
	if p.take("%") {
		s.step, _ = strconv.ParseFloat(p.number(), 64)
	}
}

func (p *parser) number() string {
	end := p.at
	for end < len(p.text) && strings.IndexByte("0123456789.", p.text[end]) >= 0 {
		end++
	}
	defer func() { p.at = end }()
	return p.text[p.at:end]
}

// choices reads the words up to >. A word with a space or a < is in quotes.
func (p *parser) choices() []string {
	var words []string
	for {
		p.space()
		if p.take(">") {
			return words
		}
		if p.take(`"`) {
			end := strings.IndexByte(p.text[p.at:], '"')
			words = append(words, p.text[p.at:p.at+end])
			p.at += end + 1
			continue
		}
		end := strings.IndexAny(p.text[p.at:], " >")
		if end < 0 {
			p.fail("no >")
		}
		words = append(words, p.text[p.at:p.at+end])
		p.at += end
	}
}

func (p *parser) parts(separator string) []*Shape {
	var list []*Shape
	for {
		list = append(list, p.kind())
		p.space()
		if p.take(")") {
			return list
		}
		p.expect(separator)
	}
}

func (p *parser) mapping(s *Shape) {
	for {
		p.space()
		switch {
		case p.take("}"):
			return
		case p.take("..."):
			s.open = true
		case p.take("*:"):
			s.rest = p.kind()
		case p.take("names:"):
			s.names = p.kind()
		case p.take("/"):
			pattern := p.regex()
			p.expect(":")
			s.patterned = append(s.patterned, patterned{pattern, p.kind()})
		case p.take("one("):
			s.alternatives = p.alternatives()
		case p.take("any("):
			s.alternatives, s.inclusive = p.alternatives(), true
		default:
			s.members = append(s.members, p.member())
		}
	}
}

func (p *parser) alternatives() [][]member {
	list := [][]member{nil}
	for {
		p.space()
		switch {
		case p.take(")"):
			return list
		case p.take("|"):
			list = append(list, nil)
		default:
			last := len(list) - 1
			list[last] = append(list[last], p.member())
		}
	}
}

func (p *parser) member() member {
	m := member{name: p.word()}
	m.required = p.take("!")
	if p.take(":") {
		m.shape = p.kind()
		return m
	}
	m.shape = &Shape{}
	q := &parser{text: m.name}
	q.named(m.shape)
	if m.shape.kind == kindMapping || slices.Contains([]string{"any", "bool", "text"}, m.name) {
		p.fail("the member " + m.name + " needs a kind")
	}
	p.names = append(p.names, q.names...)
	return m
}
