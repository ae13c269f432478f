//! Scopes: which merges a value has gone through since the scope that it was set in was closed.

/// Merges between a scope and the innermost one around it that is still open.
#[derive(Clone, Copy, Default)]
pub(super) struct Pending {
    /// The one that is open.
    pub(super) scope: u32,
    /// Merges, of which each makes a new value.
    pub(super) values: u64,
    /// What comes into them, all together.
    pub(super) incoming: u64,
    /// When the last of the scopes was closed.
    pub(super) closed: u64,
}

/// All scopes of a function. A closed one leads to one around it, an open one to itself.
#[derive(Default)]
pub(super) struct Scopes(pub(super) Vec<Pending>);

impl Scopes {
    pub(super) fn open(&mut self) -> u32 {
        let scope = self.0.len() as u32;
        self.0.push(Pending {
            scope,
            ..Pending::default()
        });
        scope
    }

    /// Closes a scope, at whose end so many ways meet; none if there is no merge.
    pub(super) fn close(&mut self, scope: u32, outer: u32, edges: u64, now: u64) {
        self.0[scope as usize] = Pending {
            scope: outer,
            values: u64::from(edges > 0),
            incoming: edges,
            closed: now,
        };
    }

    /// What lies between a scope and an open one. Ways that were walked are made short.
    pub(super) fn pending(&mut self, from: u32) -> Pending {
        let mut at = from;
        let mut way = Vec::new();
        while let Some(next) = self.0.get(at as usize)
            && next.scope != at
        {
            way.push(at);
            at = next.scope;
        }
        let mut all = Pending {
            scope: at,
            ..Pending::default()
        };
        for scope in way.into_iter().rev() {
            let one = &mut self.0[scope as usize];
            all = Pending {
                scope: at,
                values: all.values + one.values,
                incoming: all.incoming + one.incoming,
                closed: all.closed.max(one.closed),
            };
            *one = all;
        }
        all
    }
}
