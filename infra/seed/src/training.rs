//! The training modules of the demo.

use std::error::Error;

use interlock_app::model::Module;
use interlock_app::ports::Store;

use crate::MADE_AT;
use crate::write::absent;

const MODULES: [(&str, &str, u32); 2] =
    [("mod_shop_basics", "Shop basics", 180), ("mod_laser_safety", "Laser safety", 240)];

/// Writes every module.
pub(crate) async fn plant(store: &dyn Store) -> Result<(), Box<dyn Error>> {
    for (id, title, duration_seconds) in MODULES {
        let module = Module::first(id.parse()?, title, duration_seconds, MADE_AT.parse()?);
        absent(store, &module).await?;
    }
    Ok(())
}
