//! Discard: lets go of the resources in a result that could not be read to its end: nobody would close them.

use landbridge::frame::Reader;
use landbridge::{Result, Store};

use super::numbers::Number;
use super::plan::{How, Plan, case_bytes, flags_bytes};

/// Lets go of the resources from a place of a frame on; those before it have objects.
#[cold]
pub(super) fn discard(plan: &Plan, frame: &[u8], from: usize, store: &Store) {
    let frame = Reader::values(frame);
    let mut walk = Walk { frame, from, store };
    // A frame that is malformed has no more of them.
    let _ = walk.value(plan);
}

struct Walk<'a> {
    frame: Reader<'a>,
    from: usize,
    store: &'a Store,
}

impl Walk<'_> {
    fn value(&mut self, plan: &Plan) -> Result<()> {
        match &plan.how {
            How::Bool => self.skip(1),
            How::Char => self.skip(4),
            How::String => self.frame.laid(1).map(drop),
            How::Numbers(number) => self.frame.laid(number.bytes()).map(drop),
            How::List(of) => {
                let count = self.frame.length()?;
                (0..count).try_for_each(|_| self.value(of))
            }
            How::Record(of) => of.fields.iter().try_for_each(|it| self.value(&it.plan)),
            How::Tuple(of) => of.iter().try_for_each(|it| self.value(it)),
            How::Variant(of) => {
                let case = self.frame.case(case_bytes(of.cases.len()))?;
                self.held(of.cases.get(case as usize).and_then(|it| it.plan.as_ref()))
            }
            How::Enum(of) => self.skip(case_bytes(of.members.len())),
            How::Flags(of) => self.skip(flags_bytes(of.names.len())),
            How::Option(of) => match self.frame.case(1)? {
                0 => Ok(()),
                _ => self.value(of),
            },
            How::Result(ok, err) => match self.frame.case(1)? {
                0 => self.held(ok.as_deref()),
                _ => self.held(err.as_deref()),
            },
            How::Resource(of) => {
                let at = self.frame.at();
                let number = u64::from_le_bytes(self.frame.array()?);
                if at >= self.from && of.is_own && number >> 32 != 0 {
                    self.store.drop_resource(number);
                }
                Ok(())
            }
            _ => self.skip(Number::of(&plan.ty).map_or(0, Number::bytes)),
        }
    }

    fn held(&mut self, plan: Option<&Plan>) -> Result<()> {
        plan.map_or(Ok(()), |plan| self.value(plan))
    }

    fn skip(&mut self, bytes: usize) -> Result<()> {
        self.frame.raw(bytes).map(drop)
    }
}
