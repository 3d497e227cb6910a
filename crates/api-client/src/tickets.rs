//! Tickets and what hangs under them.

use api_types::{
    AssigneeChange, BulkRequest, BulkResult, CategoryChange, Classification, ClassifyRequest,
    Event, Message, NewMessage, NewTicket, Page, PageQuery, Redaction, Report, StatusChange,
    Ticket, TicketEdit, TicketId, TicketQuery, paths,
};
use reqwest::Method;
use uuid::Uuid;

use crate::{Client, ClientError, send::send};

impl Client {
    /// Reports a problem. The same key and body give the same ticket again.
    ///
    /// # Errors
    /// Every [`ClientError`].
    pub async fn create_ticket(&self, new: &NewTicket, key: Uuid) -> Result<Ticket, ClientError> {
        send(self.create(paths::TICKETS, key).json(new)).await
    }

    /// One page of tickets.
    ///
    /// # Errors
    /// Every [`ClientError`].
    pub async fn list_tickets(&self, query: &TicketQuery) -> Result<Page<Ticket>, ClientError> {
        send(self.get(paths::TICKETS).query(query)).await
    }

    /// One ticket.
    ///
    /// # Errors
    /// Every [`ClientError`].
    pub async fn find_ticket(&self, id: TicketId) -> Result<Ticket, ClientError> {
        send(self.get(&paths::ticket(id))).await
    }

    /// Edits the texts of a ticket.
    ///
    /// # Errors
    /// Every [`ClientError`].
    pub async fn edit_ticket(
        &self,
        id: TicketId,
        version: i64,
        edit: &TicketEdit,
    ) -> Result<Ticket, ClientError> {
        send(self.write(Method::PATCH, &paths::ticket(id), version).json(edit)).await
    }

    /// Moves a ticket to its next status.
    ///
    /// # Errors
    /// Every [`ClientError`].
    pub async fn change_status(
        &self,
        id: TicketId,
        version: i64,
        change: &StatusChange,
    ) -> Result<Ticket, ClientError> {
        send(self.write(Method::POST, &paths::status(id), version).json(change)).await
    }

    /// Corrects the category of a ticket.
    ///
    /// # Errors
    /// Every [`ClientError`].
    pub async fn change_category(
        &self,
        id: TicketId,
        version: i64,
        change: &CategoryChange,
    ) -> Result<Ticket, ClientError> {
        send(self.write(Method::PUT, &paths::category(id), version).json(change)).await
    }

    /// Assigns a ticket or gives it back.
    ///
    /// # Errors
    /// Every [`ClientError`].
    pub async fn change_assignee(
        &self,
        id: TicketId,
        version: i64,
        change: &AssigneeChange,
    ) -> Result<Ticket, ClientError> {
        send(self.write(Method::PUT, &paths::assignee(id), version).json(change)).await
    }

    /// Does one thing to many tickets.
    ///
    /// # Errors
    /// Every [`ClientError`]; what went wrong with one ticket is in its result.
    pub async fn change_many(&self, request: &BulkRequest) -> Result<BulkResult, ClientError> {
        send(self.post(paths::BULK).json(request)).await
    }

    /// Overwrites one text of a ticket for good.
    ///
    /// # Errors
    /// Every [`ClientError`].
    pub async fn redact(&self, id: TicketId, redaction: &Redaction) -> Result<Ticket, ClientError> {
        send(self.post(&paths::redact(id)).json(redaction)).await
    }

    /// One page of the thread of a ticket.
    ///
    /// # Errors
    /// Every [`ClientError`].
    pub async fn list_messages(
        &self,
        id: TicketId,
        query: &PageQuery,
    ) -> Result<Page<Message>, ClientError> {
        send(self.get(&paths::messages(id)).query(query)).await
    }

    /// Writes a message. The same key and body give the same message again.
    ///
    /// # Errors
    /// Every [`ClientError`].
    pub async fn create_message(
        &self,
        id: TicketId,
        new: &NewMessage,
        key: Uuid,
    ) -> Result<Message, ClientError> {
        send(self.create(&paths::messages(id), key).json(new)).await
    }

    /// One page of the history of a ticket.
    ///
    /// # Errors
    /// Every [`ClientError`].
    pub async fn list_history(
        &self,
        id: TicketId,
        query: &PageQuery,
    ) -> Result<Page<Event>, ClientError> {
        send(self.get(&paths::history(id)).query(query)).await
    }

    /// One page of what this client's browser reported.
    ///
    /// # Errors
    /// Every [`ClientError`].
    pub async fn list_my_reports(&self, query: &PageQuery) -> Result<Page<Report>, ClientError> {
        send(self.get(paths::MY_REPORTS).query(query)).await
    }

    /// Places named before that begin like this.
    ///
    /// # Errors
    /// Every [`ClientError`].
    pub async fn list_locations(&self, prefix: &str) -> Result<Page<String>, ClientError> {
        send(self.get(paths::LOCATIONS).query(&[("prefix", prefix)])).await
    }

    /// What the classifier says about a text.
    ///
    /// # Errors
    /// Every [`ClientError`].
    pub async fn classify(&self, text: &str) -> Result<Classification, ClientError> {
        let request = ClassifyRequest { text: text.to_owned() };
        send(self.post(paths::CLASSIFY).json(&request)).await
    }
}
