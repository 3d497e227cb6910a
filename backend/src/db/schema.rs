// @generated automatically by Diesel CLI.

diesel::table! {
    affected (ticket_id, client) {
        ticket_id -> Int8,
        client -> Uuid,
        at -> Timestamptz,
    }
}

diesel::table! {
    article_votes (article_id, client) {
        article_id -> Int8,
        client -> Uuid,
        helpful -> Bool,
    }
}

diesel::table! {
    articles (id) {
        id -> Int8,
        title -> Text,
        body -> Text,
        category -> Text,
        published -> Bool,
        from_ticket -> Nullable<Int8>,
        author_name -> Nullable<Text>,
        created_at -> Timestamptz,
        modified_at -> Timestamptz,
        version -> Int8,
        helpful -> Int4,
        unhelpful -> Int4,
        idempotency_key -> Nullable<Uuid>,
        idempotency_hash -> Nullable<Bytea>,
    }
}

diesel::table! {
    desk (id) {
        id -> Uuid,
        one -> Bool,
    }
}

diesel::table! {
    events (id) {
        id -> Int8,
        ticket_id -> Int8,
        at -> Timestamptz,
        role -> Text,
        name -> Nullable<Text>,
        what -> Text,
        from_value -> Nullable<Text>,
        to_value -> Nullable<Text>,
        internal -> Bool,
        moved -> Nullable<Array<Int8>>,
    }
}

diesel::table! {
    image_labels (image_id, label) {
        image_id -> Int8,
        label -> Text,
        confirmed -> Bool,
        decided_by -> Nullable<Text>,
        decided_at -> Timestamptz,
    }
}

diesel::table! {
    images (id) {
        id -> Int8,
        sha256 -> Bytea,
        ticket_id -> Nullable<Int8>,
        client -> Nullable<Uuid>,
        author_role -> Text,
        author_name -> Nullable<Text>,
        created_at -> Timestamptz,
        idempotency_key -> Nullable<Uuid>,
        idempotency_hash -> Nullable<Bytea>,
    }
}

diesel::table! {
    locations (name) {
        name -> Text,
    }
}

diesel::table! {
    messages (id) {
        id -> Int8,
        ticket_id -> Int8,
        author_role -> Text,
        author_name -> Nullable<Text>,
        body -> Text,
        internal -> Bool,
        created_at -> Timestamptz,
        idempotency_key -> Nullable<Uuid>,
        idempotency_hash -> Nullable<Bytea>,
        origin -> Nullable<Int8>,
    }
}

diesel::table! {
    photos (sha256) {
        sha256 -> Bytea,
        place -> Text,
        width -> Int4,
        height -> Int4,
        hash -> Nullable<Int8>,
        bands -> Nullable<Array<Int4>>,
        descriptor -> Nullable<Array<Float4>>,
        state -> Text,
        redacted_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    prediction_jobs (sha256) {
        sha256 -> Bytea,
        attempts -> Int4,
        unreadable -> Int4,
        run_after -> Timestamptz,
        lease -> Nullable<Uuid>,
    }
}

diesel::table! {
    predictions (sha256, label) {
        sha256 -> Bytea,
        label -> Text,
        confidence -> Float8,
        source -> Text,
    }
}

diesel::table! {
    staff (id) {
        id -> Int8,
        name -> Text,
        active -> Bool,
        idempotency_key -> Nullable<Uuid>,
        idempotency_hash -> Nullable<Bytea>,
    }
}

diesel::table! {
    ticket_summaries (ticket_id) {
        ticket_id -> Int8,
        reported -> Nullable<Text>,
        done -> Nullable<Text>,
        now -> Nullable<Text>,
    }
}

diesel::table! {
    tickets (id) {
        id -> Int8,
        title -> Text,
        description -> Text,
        location -> Nullable<Text>,
        status -> Text,
        category -> Text,
        category_by -> Text,
        confidence -> Nullable<Float8>,
        unsure -> Bool,
        resolution -> Nullable<Text>,
        opened_at -> Timestamptz,
        modified_at -> Timestamptz,
        activated_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        assignee_id -> Nullable<Int8>,
        affected -> Int4,
        messages -> Int4,
        notes -> Int4,
        merged_into -> Nullable<Int8>,
        version -> Int8,
        client -> Nullable<Uuid>,
        idempotency_key -> Nullable<Uuid>,
        idempotency_hash -> Nullable<Bytea>,
        changed_in -> Int8,
        edited_in -> Int8,
        answered_in -> Int8,
        guess -> Nullable<Text>,
        guess_model -> Nullable<Text>,
        reported_confidence -> Nullable<Float8>,
        reported_unsure -> Nullable<Bool>,
    }
}

diesel::table! {
    triage_activations (id) {
        id -> Int8,
        version -> Text,
        at -> Timestamptz,
    }
}

diesel::table! {
    triage_models (version) {
        version -> Text,
        file -> Bytea,
        published_at -> Timestamptz,
    }
}

diesel::joinable!(affected -> tickets (ticket_id));
diesel::joinable!(article_votes -> articles (article_id));
diesel::joinable!(articles -> tickets (from_ticket));
diesel::joinable!(events -> tickets (ticket_id));
diesel::joinable!(image_labels -> images (image_id));
diesel::joinable!(images -> photos (sha256));
diesel::joinable!(images -> tickets (ticket_id));
diesel::joinable!(prediction_jobs -> photos (sha256));
diesel::joinable!(predictions -> photos (sha256));
diesel::joinable!(ticket_summaries -> tickets (ticket_id));
diesel::joinable!(tickets -> staff (assignee_id));
diesel::joinable!(triage_activations -> triage_models (version));

diesel::allow_tables_to_appear_in_same_query!(
    affected,
    article_votes,
    articles,
    desk,
    events,
    image_labels,
    images,
    locations,
    messages,
    photos,
    prediction_jobs,
    predictions,
    staff,
    ticket_summaries,
    tickets,
    triage_activations,
    triage_models,
);
