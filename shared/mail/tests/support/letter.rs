//! One letter with every part, and who sends it.

use interlock_app::ports::{Invite, Mail};
use interlock_mail::Sender;

pub(crate) fn sender() -> Sender {
    Sender { name: "Werkstatt".to_owned(), address: "workshop@interlock.test".to_owned() }
}

pub(crate) fn mail() -> Mail {
    Mail {
        letter_id: "ltr_one".parse().unwrap(),
        message_id: "<0123@interlock.test>".to_owned(),
        to: "ada@test.example".to_owned(),
        to_name: "Ada Lovelace".to_owned(),
        subject: "Bestätigt: Säge am Freitag".to_owned(),
        language: "de",
        text: "Guten Tag, die Säge.\n".to_owned(),
        html: "<p>Guten Tag, die Säge.</p>".to_owned(),
        invite: Some(Invite {
            content_type: "text/calendar; charset=utf-8; method=REQUEST".to_owned(),
            file_name: "invite.ics".to_owned(),
            ics: "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n".to_owned(),
        }),
    }
}
