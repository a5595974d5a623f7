package io.keyhold.bench;

import java.util.ArrayList;
import java.util.List;

/** What is measured with several numbers of calls in flight: a verb of a server, on one way. */
record Subject(String verb, Way way, Target target, Calls calls) {

    /** All; what is compared with each other follows each other. */
    static List<Subject> all(Verbs verbs, Target daemon, Target echo, AwsEnvironment aws) {
        List<Subject> all = new ArrayList<>();
        List<Work<?, ?>> works =
                List.of(
                        verbs.encrypt(),
                        verbs.decrypt(),
                        verbs.generateDataKey(),
                        verbs.generateRandom());
        for (Way way : List.of(Way.TLS, Way.UNIX)) {
            all.add(of(verbs.echo(), echo, way));
            works.forEach(work -> all.add(of(work, daemon, way)));
        }
        SignedEncrypts requests = new SignedEncrypts(aws, verbs.encryptJson());
        all.add(overHttp(Verbs.ECHO, echo, requests));
        all.add(overHttp(Verbs.ENCRYPT, daemon, requests));
        return all;
    }

    private static Subject of(Work<?, ?> work, Target target, Way way) {
        return new Subject(work.verb(), way, target, work.on(target.channel(way)));
    }

    private static Subject overHttp(String verb, Target target, SignedEncrypts requests) {
        return new Subject(verb, Way.HTTP, target, new HttpEncrypt(target.http(), requests));
    }

    Cell cell(int inflight) {
        return new Cell(verb, inflight, way);
    }
}
