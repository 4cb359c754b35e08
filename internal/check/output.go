package check

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/terminal"
)

// Format is how problems are written.
type Format string

const (
	// Text is a line for each problem, "file:line:column: problem and remedy", and a line with the counts.
	Text Format = "text"
	// JSON is one array of problems.
	JSON Format = "json"
	// GitHub is an annotation for each problem:
	// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message
	GitHub Format = "github"
)

// Style is how a text looks in a terminal.
type Style struct {
	// Excerpts shows the lines of files below their problems.
	Excerpts bool
	Paint    terminal.Painter
}

// Write writes problems.
func Write(w io.Writer, problems []Problem, format Format, style Style) error {
	var b strings.Builder
	switch format {
	case JSON:
		if problems == nil {
			problems = []Problem{}
		}
		text, err := json.MarshalIndent(problems, "", "  ")
		if err != nil {
			return err
		}
		b.Write(append(text, '\n'))
	case GitHub:
		for _, p := range problems {
			b.WriteString(p.annotation())
		}
	default:
		for _, p := range problems {
			b.WriteString(p.text(style))
		}
		b.WriteString(summary(problems, style.Paint))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (p Problem) place() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// text returns one line, or with excerpts a line and the text of the file below it.
func (p Problem) text(style Style) string {
	color := terminal.Red
	if p.Severity == Warning {
		color = terminal.Cyan
	}
	message := terminal.Printable(oneLine(p.Message))
	if !style.Excerpts {
		line := p.place() + ": " + p.Severity.String() + ": " + message
		if p.Fix != "" {
			line += ". " + inLine(p.Fix)
		}
		return oneLine(line) + "\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s %s\n", style.Paint.Paint(terminal.Bold, p.place()), style.Paint.Paint(color, p.Severity.String()+":"), message)
	if excerpt := p.excerpt(); excerpt != "" {
		b.WriteString(style.Paint.Paint(terminal.Dim, excerpt) + "\n")
	}
	if p.Fix != "" {
		for line := range strings.SplitSeq(p.Fix, "\n") {
			b.WriteString("  " + terminal.Printable(line) + "\n")
		}
	}
	b.WriteString("\n")
	return b.String()
}

func (p Problem) excerpt() string {
	if p.Line == 0 || p.source == "" {
		return ""
	}
	return (&manifest.Error{Line: p.Line, Column: p.Column, Source: p.source}).Excerpt()
}

// oneLine joins the lines of a text.
func oneLine(text string) string {
	return strings.Join(strings.Fields(text), " ")
}

// inLine returns a remedy in one line. Lines to add to a file, which are indented, become YAML in brackets.
func inLine(fix string) string {
	var parts, block []string
	lines := append(strings.Split(fix, "\n"), "")
	for i, line := range lines {
		if strings.HasPrefix(line, "  ") {
			block = append(block, line)
			continue
		}
		if len(block) > 0 {
			end := ""
			if i == len(lines)-1 || line != "" && unicode.IsUpper([]rune(line)[0]) {
				end = "."
			}
			text := strings.TrimSpace(block[0]) // as it is, if it is alone
			if len(block) > 1 {
				text = strings.TrimSuffix(strings.TrimPrefix(flow(block), "{"), "}")
			}
			parts = append(parts, `"`+text+`"`+end)
			block = nil
		}
		parts = append(parts, line)
	}
	return oneLine(strings.Join(parts, " "))
}

// flow returns YAML in brackets for lines that are a list of texts, or keys of which each has a text or the lines below it.
func flow(lines []string) string {
	indent := func(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
	var items []string
	isList := false
	for i := 0; i < len(lines); {
		text, end := strings.TrimSpace(lines[i]), i+1
		for end < len(lines) && indent(lines[end]) > indent(lines[i]) {
			end++
		}
		item, dash := strings.CutPrefix(text, "- ")
		isList = isList || dash
		if end > i+1 {
			item += " " + flow(lines[i+1:end])
		}
		items, i = append(items, item), end
	}
	if isList {
		return "[" + strings.Join(items, ", ") + "]"
	}
	return "{" + strings.Join(items, ", ") + "}"
}

func summary(problems []Problem, paint terminal.Painter) string {
	errors := 0
	for _, p := range problems {
		if p.Severity == Error {
			errors++
		}
	}
	count := func(n int, what string) string {
		if n == 1 {
			return "1 " + what
		}
		return fmt.Sprintf("%d %ss", n, what)
	}
	if len(problems) == 0 {
		return paint.Paint(terminal.Green, "No problems found.") + "\n"
	}
	return count(errors, "error") + ", " + count(len(problems)-errors, "warning") + "\n"
}

var (
	annotationData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	annotationProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func (p Problem) annotation() string {
	properties := "file=" + annotationProperty.Replace(p.File)
	if p.Line > 0 {
		properties += fmt.Sprintf(",line=%d,col=%d", p.Line, p.Column)
	}
	text := p.Message
	if p.Fix != "" {
		text += "\n" + p.Fix
	}
	return fmt.Sprintf("::%s %s::%s\n", p.Severity, properties, annotationData.Replace(text))
}
