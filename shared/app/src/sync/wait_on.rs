//! Back to waiting, where surely nothing was made of a yes.

use super::act::{Judged, Progress, Settling, finish, judged, write};
use super::decide::End;
use super::settle::{read, sync};
use crate::change::Recording;
use crate::model::{Cause, Reservation, State};
use crate::reserve::MOST_RACES;
use crate::{App, AppError};

impl Settling {
    /// Puts a hold back to where it waited; somebody else's write wins.
    ///
    /// On condition of what the holder was judged on, or judged anew: the work of a loss passes
    /// over what is pending, so nobody else would end what then waits without a right (promise
    /// R3).
    pub(crate) async fn wait_on(
        self,
        app: &App,
        state: State,
        recording: Recording,
    ) -> Result<Reservation, AppError> {
        let (id, act) = (self.reservation.value.id.clone(), self.act.clone());
        let version = self.reservation.version;
        let mut settling = self;
        for _ in 0..MOST_RACES {
            let progress = match judged(app, settling).await? {
                Judged::May(settling) => {
                    let before = settling.reservation.value.clone();
                    let after = Reservation { state: state.clone(), ..before };
                    write(app, *settling, after, recording.clone()).await?
                }
                Judged::MayNot(settling) => {
                    finish(app, *settling, End::Cancelled(Cause::Eligibility)).await?
                }
            };
            if let Progress::Rested(reservation) = progress {
                return Ok(*reservation);
            }
            let (reservation, cal_account) = read(app, &id).await?;
            if reservation.version != version {
                break;
            }
            let unchanged = Vec::new();
            settling = Settling { reservation, cal_account, unchanged, act: act.clone() };
        }
        Ok(sync(app, &id, &[], &act).await?.reservation)
    }
}
