//! The part that sinks share which look at some of what passes through them: the rest they hand on as it is.

/// Methods of a sink that hand on to its field `inner` what they are given, by their names.
macro_rules! hand_on {
    () => {};
    (format $($more:ident)*) => {
        fn format(&mut self, id: &str) {
            self.inner.format(id);
        }
        $crate::sink::hand_on! { $($more)* }
    };
    (instrument $($more:ident)*) => {
        fn instrument(&mut self, name: &str) {
            self.inner.instrument(name);
        }
        $crate::sink::hand_on! { $($more)* }
    };
    (started_at $($more:ident)*) => {
        fn started_at(&mut self, start: ::galvanome_model::measurement::StartTime) {
            self.inner.started_at(start);
        }
        $crate::sink::hand_on! { $($more)* }
    };
    (metadata $($more:ident)*) => {
        fn metadata(&mut self, key: &str, value: &str) {
            self.inner.metadata(key, value);
        }
        $crate::sink::hand_on! { $($more)* }
    };
    (signal $($more:ident)*) => {
        fn signal(&mut self, signal: ::galvanome_model::signal::Signal) {
            self.inner.signal(signal);
        }
        $crate::sink::hand_on! { $($more)* }
    };
    (image $($more:ident)*) => {
        fn image(&mut self, image: ::galvanome_model::image::Image) {
            self.inner.image(image);
        }
        $crate::sink::hand_on! { $($more)* }
    };
    (note $($more:ident)*) => {
        fn note(&mut self, note: ::galvanome_model::note::Note) {
            self.inner.note(note);
        }
        $crate::sink::hand_on! { $($more)* }
    };
}

pub(crate) use hand_on;
