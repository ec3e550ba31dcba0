//! interlock-lambda.
