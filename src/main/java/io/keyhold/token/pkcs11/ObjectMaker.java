package io.keyhold.token.pkcs11;

import io.keyhold.key.Bytes16;
import io.keyhold.key.Canary;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Material;
import io.keyhold.token.TokenObject;
import io.keyhold.token.pkcs11.ProvenObjects.WrongObjectException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the objects of material, takes in what another call or an earlier life made, destroys. */
final class ObjectMaker {

    private static final Logger log = LoggerFactory.getLogger(ObjectMaker.class);

    private final Cryptoki cryptoki;
    private final Families families;
    private final ProvenObjects objects;
    private final Turns turns;

    ObjectMaker(Cryptoki cryptoki, Families families, ProvenObjects objects, Turns turns) {
        this.cryptoki = cryptoki;
        this.families = families;
        this.objects = objects;
        this.turns = turns;
    }

    /**
     * Makes an object unless it is there. A second try never makes a second one: what an earlier
     * try, whose answer was lost, may have made is looked for.
     */
    Canary generateOnce(Epoch epoch, Lane lane, Material material) {
        Epoch.Handle known = epoch.handle(material.ckaId());
        if (known != null) {
            return adopt(epoch, lane, material, known.object());
        }
        if (!epoch.beginMaking(material.ckaId())) {
            Optional<Canary> earlier = adoptIfThere(epoch, lane, material);
            if (earlier.isPresent()) {
                return earlier.get();
            }
            removeHalves(epoch, lane, material);
        }
        long object;
        try {
            object = turns.take(() -> families.of(material).generate(lane, material));
        } catch (CkrException e) {
            Canary made = adoptIfThere(epoch, lane, material).orElseThrow(() -> e);
            log.warn("{} was made though {}", material.label(), e.getMessage());
            return made;
        }
        return readBack(epoch, lane, material, object);
    }

    /** What is not as it should be, or cannot do what it is for, is destroyed: it is ours. */
    Canary readBack(Epoch epoch, Lane lane, Material material, long object) {
        try {
            if (hasItsAttributes(lane, object, material)) {
                return takeIn(epoch, lane, material, object);
            }
        } catch (CkrException e) {
            if (e.kind() == CkrClass.UNSUPPORTED) {
                undo(epoch, lane, material, object);
            }
            throw e;
        } catch (WrongObjectException e) {
            undo(epoch, lane, material, object);
            throw e;
        }
        undo(epoch, lane, material, object);
        throw otherAttributes();
    }

    private void undo(Epoch epoch, Lane lane, Material material, long object) {
        epoch.forgetFully(material.ckaId());
        cryptoki.destroyObject(lane.session(), object);
        for (long half : objects.all(epoch, lane, material)) {
            cryptoki.destroyObject(lane.session(), half);
        }
    }

    private Optional<Canary> adoptIfThere(Epoch epoch, Lane lane, Material material) {
        OptionalLong object = objects.find(epoch, lane, material);
        return object.isPresent()
                ? Optional.of(adopt(epoch, lane, material, object.getAsLong()))
                : Optional.empty();
    }

    /**
     * Takes an object in that another call made; if it is not as it should be, it is left alone.
     */
    private Canary adopt(Epoch epoch, Lane lane, Material material, long object) {
        if (!hasItsAttributes(lane, object, material)) {
            throw otherAttributes();
        }
        return takeIn(epoch, lane, material, object);
    }

    private boolean hasItsAttributes(Lane lane, long object, Material material) {
        Attributes wanted = wanted(material);
        Long wrong =
                wanted.firstDifference(cryptoki.attributes(lane.session(), object, wanted.types()));
        if (wrong != null) {
            log.error("{} has a wrong attribute 0x{}", material.label(), Long.toHexString(wrong));
        }
        return wrong == null;
    }

    private Attributes wanted(Material material) {
        Family family = families.of(material);
        Attributes wanted =
                material.isImported()
                        ? SealedKey.asUnwrapped(family.unwrapped(material))
                        : SealedKey.asMade(family.template(material));
        return wanted.without(cryptoki.lacking());
    }

    private static KmsFault otherAttributes() {
        return KmsFault.of(
                FaultName.KMSInternalException,
                "The token made a key with other attributes than asked for.");
    }

    private Canary takeIn(Epoch epoch, Lane lane, Material material, long object) {
        epoch.found(material.ckaId(), object);
        return families.of(material).canary(lane, object, material);
    }

    /** Takes in what a call made whose end nobody saw; removes what it made by half. */
    Optional<Canary> finish(Epoch epoch, Lane lane, Material material) {
        OptionalLong object = objects.find(epoch, lane, material);
        if (object.isEmpty()
                || isHalf(lane, object.getAsLong(), material)
                || !families.of(material).isWhole(lane, material)) {
            removeHalves(epoch, lane, material);
            return Optional.empty();
        }
        return Optional.of(adopt(epoch, lane, material, object.getAsLong()));
    }

    /**
     * SoftHSM, killed inside C_GenerateKey, leaves an object with a CKA_ID and without a key. It
     * can be told by CKA_LOCAL, which comes with the key.
     */
    private boolean isHalf(Lane lane, long object, Material material) {
        if (cryptoki.lacking().contains(Pkcs11.CKA_LOCAL)) {
            return false;
        }
        Attributes given = cryptoki.attributes(lane.session(), object, Pkcs11.CKA_LOCAL);
        return given.values().get(Pkcs11.CKA_LOCAL) instanceof Boolean local
                && !local
                && objects.isNamed(lane, object, material);
    }

    /**
     * Nothing was ever encrypted or signed with them, for only what was read back becomes active;
     * and a public half without the other is of no use. So these may be destroyed.
     */
    private void removeHalves(Epoch epoch, Lane lane, Material material) {
        for (long object : objects.all(epoch, lane, material)) {
            log.warn("{} was made by half and is destroyed", material.label());
            epoch.forgetFully(material.ckaId());
            cryptoki.destroyObject(lane.session(), object);
        }
    }

    /** Takes in what somebody says is a backing key's; nothing is changed in the token. */
    Optional<Canary> inspect(Epoch epoch, Lane lane, Material material) {
        OptionalLong object = objects.find(epoch, lane, material);
        if (object.isEmpty()) {
            return Optional.empty();
        }
        if (!hasItsAttributes(lane, object.getAsLong(), material)) {
            throw KmsFault.of(
                    FaultName.ConflictException,
                    "Object '%s' has other attributes than those that Keyhold makes.",
                    material.label());
        }
        return Optional.of(takeIn(epoch, lane, material, object.getAsLong()));
    }

    /** Destroys the objects of material; answers whether they are gone. */
    boolean destroy(Epoch epoch, Lane lane, Material material) {
        requireToken(epoch, material);
        List<Long> there = objects.all(epoch, lane, material);
        epoch.forgetFully(material.ckaId()); // so that nobody takes its end for the token's
        for (long object : there) {
            log.info("{} is destroyed", material.label());
            cryptoki.destroyObject(lane.session(), object);
        }
        epoch.forgetFully(material.ckaId());
        return objects.all(epoch, lane, material).isEmpty();
    }

    /** What is in another token is not absent because it is not in this one. */
    private static void requireToken(Epoch epoch, Material material) {
        if (!material.backing().token().equals(epoch.serial())) {
            throw KmsFault.of(
                    FaultName.KeyUnavailableException,
                    "%s is in token %s, which is not there.",
                    material.label(),
                    material.backing().token());
        }
    }

    /** Every object in the token. */
    List<TokenObject> everything(Epoch epoch, Lane lane) {
        Attributes lasting = new Attributes().with(Pkcs11.CKA_TOKEN, true);
        return turns.take(() -> cryptoki.findObjects(lane.session(), lasting)).stream()
                .map(object -> describe(epoch, lane, object))
                .toList();
    }

    private TokenObject describe(Epoch epoch, Lane lane, long object) {
        Attributes seen =
                cryptoki.attributesOfAny(
                        lane.session(), object, Pkcs11.CKA_ID, Pkcs11.CKA_LABEL, Pkcs11.CKA_CLASS);
        byte[] id = seen.bytes(Pkcs11.CKA_ID);
        Optional<UUID> ckaId =
                id.length == Bytes16.LENGTH ? Optional.of(Bytes16.parse(id)) : Optional.empty();
        boolean publicHalf =
                Long.valueOf(Pkcs11.CKO_PUBLIC_KEY).equals(seen.values().get(Pkcs11.CKA_CLASS));
        return new TokenObject(epoch.serial(), ckaId, seen.text(Pkcs11.CKA_LABEL), publicHalf);
    }
}
