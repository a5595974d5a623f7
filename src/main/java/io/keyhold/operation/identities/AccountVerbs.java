package io.keyhold.operation.identities;

import com.google.protobuf.Message;
import io.keyhold.iam.Account;
import io.keyhold.keyring.Accounts;
import io.keyhold.operation.Timestamps;
import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import io.keyhold.v1.CreateAccountRequest;
import io.keyhold.v1.CreateAccountResponse;
import io.keyhold.v1.ListAccountsRequest;
import io.keyhold.v1.ListAccountsResponse;
import java.time.InstantSource;
import java.util.List;

/** The verbs for accounts. */
final class AccountVerbs {

    private static final Listing<Account> LISTING =
            new Listing<>("Accounts", Account::id, AccountVerbs::shape);

    private AccountVerbs() {}

    static List<Verb<?, ?>> rows(Accounts accounts, InstantSource clock) {
        return List.of(
                Row.ofDaemon(
                        CreateAccountRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        asked -> create(accounts, asked.fields(), clock)),
                Row.ofDaemon(
                        ListAccountsRequest.getDefaultInstance(),
                        AuditClass.READ,
                        asked ->
                                LISTING.add(
                                                new Answer(
                                                        ListAccountsResponse.getDefaultInstance()),
                                                asked.fields(),
                                                accounts.all().stream())
                                        .build()));
    }

    private static Message create(Accounts accounts, Fields asked, InstantSource clock) {
        Account account =
                new Account(
                        asked.optional("AccountId").orElseGet(Account::randomId),
                        asked.text("AccountName"),
                        clock.instant());
        accounts.create(account);
        return CreateAccountResponse.newBuilder().setAccount(shape(account)).build();
    }

    /** An account of the configuration has no name. */
    private static io.keyhold.v1.Account shape(Account account) {
        io.keyhold.v1.Account.Builder shape =
                io.keyhold.v1.Account.newBuilder().setAccountId(account.id());
        return account.name().isEmpty()
                ? shape.build()
                : shape.setAccountName(account.name())
                        .setCreateDate(Timestamps.of(account.createdAt()))
                        .build();
    }
}
