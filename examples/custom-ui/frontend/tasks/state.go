package tasks

import (
	"slices"
)

// State is everything that the page shows. It is plain data, which a screen can show and a test can compare.
type State struct {
	// Words has the fixed texts, and Where describes the product's page around the app.
	Words *Words
	Where Where
	// Way is the way to send requests.
	Way Way
	// Status describes the last event; it is empty after a failure.
	Status string
	// Loading is set while the tasks are loaded for the first time, and Loaded once they are there.
	Loading, Loaded bool
	Field           Field
	// Rows are the tasks in the order of the backend.
	Rows []Row
	// Failures are the messages about what failed, the oldest first: one for each subject.
	Failures []Failure
	// Live describes how the list is kept current. DirectNote explains why direct requests do not work, or is empty.
	Live       Liveness
	DirectNote string
	Token      TokenFacts
	// Focus is the new place of the keyboard focus. The zero Place does not move it.
	Focus Place
	// Reveal is the task whose row must become visible, or "".
	Reveal string
}

// Field is the text field for a new task's name.
type Field struct {
	Text string
	// Problem describes what is wrong with the text; it is empty if the text is valid.
	Problem string
	// Adding is set while the text is being sent. It must not be edited meanwhile.
	Adding bool
}

// Row is one task in the list.
type Row struct {
	// Task is the task as the backend has it.
	Task Task
	// Done reports whether the task is shown as done. While a change is in progress, it has the user's value.
	Done bool
	// Busy is the control whose change of the task is in progress, or None.
	Busy Control
	// Transfer is the file that is being transferred, or the zero Transfer.
	Transfer Transfer
}

// Control is one of a row's controls that change its task.
type Control int

// The controls of a row.
const (
	None Control = iota
	Checkbox
	Delete
	Attach
	RemoveFile
)

// Transfer is a file that is being transferred.
type Transfer struct {
	Direction Direction
	Name      string
	// Size is in bytes.
	Size int64
}

// Direction is the direction of a transfer.
type Direction int

// The directions of a transfer.
const (
	Nowhere Direction = iota
	Up
	Down
)

// Failure is a message about what failed.
type Failure struct {
	// Number is new for each message.
	Number int
	// Subject is what failed: a task's id, the list, or a new task.
	Subject, Text string
	// CanRetry and CanDismiss report what the user can do about it. RetryText and DismissText are the texts of the buttons
	// if these do something more special, and otherwise "".
	CanRetry, CanDismiss   bool
	RetryText, DismissText string
	// Trying is set while a retry is in progress.
	Trying bool
}

// IsEmpty reports whether the tasks are loaded and there are none.
func (s State) IsEmpty() bool { return s.Loaded && len(s.Rows) == 0 }

// HasFiles reports whether files can be sent. Only direct requests can carry any bytes.
func (s State) HasFiles() bool { return s.Way == Direct }

// IsSaving reports whether a change or an upload is in progress, which would be lost if the page were closed now.
func (s State) IsSaving() bool {
	return s.Field.Adding || slices.ContainsFunc(s.Rows, func(r Row) bool { return r.Busy != None })
}

// IsIdle reports whether no change and no transfer of the task is in progress.
func (r Row) IsIdle() bool { return r.Busy == None && r.Transfer == Transfer{} }

func (s *State) index(id string) int {
	return slices.IndexFunc(s.Rows, func(r Row) bool { return r.Task.ID == id })
}

// row returns the task's row; nil if there is none.
func (s *State) row(id string) *Row {
	if i := s.index(id); i >= 0 {
		return &s.Rows[i]
	}
	return nil
}

// failure returns the subject's message; nil if there is none.
func (s *State) failure(subject string) *Failure {
	for i := range s.Failures {
		if s.Failures[i].Subject == subject {
			return &s.Failures[i]
		}
	}
	return nil
}

// Drafts keeps texts that the user has typed and not sent, as long as the window exists. So a reload or another language does
// not lose them. Do not keep secrets there.
type Drafts interface {
	// Draft returns the text that was kept with this key, or "".
	Draft(key string) string
	// KeepDraft keeps the text; "" removes it.
	KeepDraft(key, text string)
}

// Screen shows the page. Its methods are never called concurrently, and must not call the page's methods.
type Screen interface {
	Drafts
	// Show shows the state, and moves the focus if the state asks for it. It may keep the state's rows and failures, but
	// not the slices that contain them.
	Show(s State)
	// Focused returns the place of the keyboard focus. Of is set in a row and in a message.
	Focused() Place
	// Save offers data to the user as a download with that name.
	Save(name string, data []byte) error
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

// Task is one task, as the backend sends it.
type Task struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Done bool   `json:"done"`
	// Version grows with each change of the task and of its file.
	Version int64 `json:"version"`
	File    File  `json:"file"`
}

// File describes the file of a task, as the backend sends it. The zero value means that there is none.
type File struct {
	Name string `json:"name"`
	Type string `json:"type"`
	// Size is in bytes.
	Size int64 `json:"size"`
}

// HasFile reports whether the task has a file.
func (t Task) HasFile() bool { return t.File != File{} }
