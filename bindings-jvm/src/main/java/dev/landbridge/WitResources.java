package dev.landbridge;

import java.util.Collection;
import java.util.Map;

/** Resources: those of guests, which have handles, and objects of Java, which have places beside a frame. */
final class WitResources extends WitCodec {
    private final WitType type;
    /** The interface of the user's that guests' resources are given as, or null. */
    private final WitFace face;
    /** What objects of Java must be. */
    private final Class<?> object;

    WitResources(WitType type, WitFace face) {
        this(type, face, Object.class);
    }

    private WitResources(WitType type, WitFace face, Class<?> object) {
        this.type = type;
        this.face = face;
        this.object = object;
    }

    /** For a class of the user's: an interface for a guest's resource, any for an object of Java. */
    static WitCodec typed(WitTyped scope, WitType type, Class<?> raw, String place) {
        if (type.world().isHosts(type)) {
            return raw.isPrimitive() ? null : new WitResources(type, null, raw);
        }
        if (raw == Resource.class) {
            return type.codec();
        }
        boolean canBe = raw.isInterface() && AutoCloseable.class.isAssignableFrom(raw) && scope.instance != null;
        return canBe ? new WitResources(type, scope.face(type, raw)) : null;
    }

    @Override
    void write(WitFrame to, Object value, WitHome home) {
        Resource resource = value instanceof Resource it ? it : WitBinding.resourceOf(value);
        if (resource != null && home == null) {
            throw Wrong.told("a value", Wrong.name(value)); // It is to be text.
        }
        if (resource != null) {
            to.putLong(resource.handle(home));
        } else if (face == null && isObject(value) && home != null) {
            to.putObject(home.lender.hold(value)); // The core says whether one can be here.
        } else {
            throw Wrong.other(type.toString(), value);
        }
    }

    /** What is surely meant as another value is no object that crosses. */
    private boolean isObject(Object value) {
        boolean isValue = value == null
                || value instanceof String
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Character
                || value instanceof Collection
                || value instanceof Map
                || value.getClass().isArray();
        return !isValue && object.isInstance(value);
    }

    /** A component may have been given any object as a resource of its host. */
    private Object mine(Object given) {
        if (!object.isInstance(given)) {
            throw WasmException.of(
                    ErrorKind.TYPE,
                    "the object that stands for " + type + " is no " + object.getSimpleName() + ": it is of the class " + Wrong.name(given));
        }
        return given;
    }

    @Override
    Object read(WitFrame from, WitHome home) {
        long handle = from.getLong();
        if (handle >>> 32 == 0) {
            return mine(from.object(handle));
        }
        Resource resource = new Resource(home, type, handle);
        return face == null ? resource : face.wrap(resource);
    }
}
