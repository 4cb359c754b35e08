package tasks

// Screen shows the page. Its methods are never called concurrently, and must not call the page's methods.
type Screen interface {
	// Show shows the state, and moves the focus if the state asks for it. It may keep the state's rows and failures, but
	// not the slices that contain them.
	Show(s State)
	// Focused returns the place of the keyboard focus. Of is set in a row and in a message.
	Focused() Place
	// Save returns the user a file.
	Save(name string, data []byte)
}

// Place is a part of the page that has, or should get, the keyboard focus.
type Place struct {
	Part Part
	// Of is the row's task, or the message's subject.
	Of string
}

// Part is a kind of [Place].
type Part int

const (
	// NoPart means that no control has the focus: the control is gone, or was clicked in Safari, which does not focus
	// buttons.
	NoPart Part = iota
	// OtherPart is any part that is not in this list.
	OtherPart
	// FormPart is the form for a new task; the focus goes to its field.
	FormPart
	// RowPart is a row; the focus goes to the row itself, and none of its controls.
	RowPart
	// CheckboxPart, DeletePart and DetailsPart are controls of a row, for the focus to go to.
	CheckboxPart
	DeletePart
	DetailsPart
	// FailurePart is a message; the focus goes to its first button.
	FailurePart
)
