-- A task's version grows with each change of its name, its state or its file. So a change can say which version it was made
-- from. A task without a row here has version 1.
CREATE TABLE IF NOT EXISTS task_versions (
	installation TEXT NOT NULL,
	task TEXT NOT NULL,
	version INTEGER NOT NULL,
	PRIMARY KEY (installation, task)
);

CREATE TRIGGER IF NOT EXISTS task_edited AFTER UPDATE OF name, done ON tasks
WHEN NEW.name <> OLD.name OR NEW.done <> OLD.done
BEGIN
	INSERT INTO task_versions (installation, task, version) VALUES (NEW.installation, NEW.id, 2)
	ON CONFLICT (installation, task) DO UPDATE SET version = version + 1;
END;

CREATE TRIGGER IF NOT EXISTS task_file_added AFTER INSERT ON attachments
BEGIN
	INSERT INTO task_versions (installation, task, version) VALUES (NEW.installation, NEW.task, 2)
	ON CONFLICT (installation, task) DO UPDATE SET version = version + 1;
END;

CREATE TRIGGER IF NOT EXISTS task_file_replaced AFTER UPDATE ON attachments
BEGIN
	INSERT INTO task_versions (installation, task, version) VALUES (NEW.installation, NEW.task, 2)
	ON CONFLICT (installation, task) DO UPDATE SET version = version + 1;
END;

-- The file of a task that is removed for good is removed after the task.
CREATE TRIGGER IF NOT EXISTS task_file_removed AFTER DELETE ON attachments
WHEN EXISTS (SELECT 1 FROM tasks WHERE installation = OLD.installation AND id = OLD.task)
BEGIN
	INSERT INTO task_versions (installation, task, version) VALUES (OLD.installation, OLD.task, 2)
	ON CONFLICT (installation, task) DO UPDATE SET version = version + 1;
END;

CREATE TRIGGER IF NOT EXISTS task_version_removed AFTER DELETE ON tasks
BEGIN
	DELETE FROM task_versions WHERE installation = OLD.installation AND task = OLD.id;
END;
