//! Values of WIT types as text, and the types themselves.

mod fields;
mod hostile;
mod made;
mod malformed;
mod read;
mod resources;
mod types;
