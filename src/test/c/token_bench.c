/*
 * How fast the token itself is, straight through PKCS#11: AES-256-GCM of 1 KiB under a key in it;
 * 32 random bytes; and those encrypted too, which makes a data key.
 *
 * token_bench LIBRARY TOKEN_LABEL PIN_FILE KEY_LABEL
 *
 * Reads lines "VERB THREADS SECONDS", where VERB is encrypt, decrypt, generatedatakey or
 * generaterandom, and answers each with the operations per second. Ends with its input.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* --- as much of PKCS#11 2.40 as is needed ------------------------------------------------- */

typedef unsigned long CK_ULONG;
typedef unsigned char CK_BYTE;
typedef CK_ULONG CK_RV;

typedef struct {
    CK_BYTE major, minor;
} CK_VERSION;

typedef struct {
    CK_BYTE label[32], manufacturer[32], model[16], serial[16];
    CK_ULONG flags, numbers[10];
    CK_VERSION hardware, firmware;
    CK_BYTE utc_time[16];
} CK_TOKEN_INFO;

typedef struct {
    void *create_mutex, *destroy_mutex, *lock_mutex, *unlock_mutex;
    CK_ULONG flags;
    void *reserved;
} CK_C_INITIALIZE_ARGS;

typedef struct {
    CK_ULONG type;
    void *value;
    CK_ULONG length;
} CK_ATTRIBUTE;

typedef struct {
    CK_ULONG mechanism;
    void *parameter;
    CK_ULONG length;
} CK_MECHANISM;

typedef struct {
    CK_BYTE *iv;
    CK_ULONG iv_length, iv_bits;
    CK_BYTE *aad;
    CK_ULONG aad_length, tag_bits;
} CK_GCM_PARAMS;

enum {
    CKF_OS_LOCKING_OK = 2,
    CKF_RW_SESSION = 2,
    CKF_SERIAL_SESSION = 4,
    CKU_USER = 1,
    CKO_SECRET_KEY = 4,
    CKA_CLASS = 0,
    CKA_LABEL = 3,
    CKM_AES_GCM = 0x1087
};

static CK_RV (*C_Initialize)(void *);
static CK_RV (*C_Finalize)(void *);
static CK_RV (*C_GetSlotList)(CK_BYTE, CK_ULONG *, CK_ULONG *);
static CK_RV (*C_GetTokenInfo)(CK_ULONG, CK_TOKEN_INFO *);
static CK_RV (*C_OpenSession)(CK_ULONG, CK_ULONG, void *, void *, CK_ULONG *);
static CK_RV (*C_Login)(CK_ULONG, CK_ULONG, CK_BYTE *, CK_ULONG);
static CK_RV (*C_FindObjectsInit)(CK_ULONG, CK_ATTRIBUTE *, CK_ULONG);
static CK_RV (*C_FindObjects)(CK_ULONG, CK_ULONG *, CK_ULONG, CK_ULONG *);
static CK_RV (*C_FindObjectsFinal)(CK_ULONG);
static CK_RV (*C_GetAttributeValue)(CK_ULONG, CK_ULONG, CK_ATTRIBUTE *, CK_ULONG);
static CK_RV (*C_GenerateRandom)(CK_ULONG, CK_BYTE *, CK_ULONG);
static CK_RV (*C_EncryptInit)(CK_ULONG, CK_MECHANISM *, CK_ULONG);
static CK_RV (*C_Encrypt)(CK_ULONG, CK_BYTE *, CK_ULONG, CK_BYTE *, CK_ULONG *);
static CK_RV (*C_DecryptInit)(CK_ULONG, CK_MECHANISM *, CK_ULONG);
static CK_RV (*C_Decrypt)(CK_ULONG, CK_BYTE *, CK_ULONG, CK_BYTE *, CK_ULONG *);

/* --- failing ------------------------------------------------------------------------------ */

static void fail(const char *what) {
    fprintf(stderr, "token_bench: %s\n", what);
    exit(1);
}

static void must(const char *function, CK_RV answer) {
    if (answer != 0) {
        fprintf(stderr, "token_bench: %s: 0x%lx\n", function, answer);
        exit(1);
    }
}

/* --- the token ---------------------------------------------------------------------------- */

#define LOAD(function) *(void **)&function = symbol(library, #function)

static void *symbol(void *library, const char *name) {
    void *found = dlsym(library, name);
    if (found == NULL) {
        fail(dlerror());
    }
    return found;
}

static void load(const char *path) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        fail(dlerror());
    }
    LOAD(C_Initialize);
    LOAD(C_Finalize);
    LOAD(C_GetSlotList);
    LOAD(C_GetTokenInfo);
    LOAD(C_OpenSession);
    LOAD(C_Login);
    LOAD(C_FindObjectsInit);
    LOAD(C_FindObjects);
    LOAD(C_FindObjectsFinal);
    LOAD(C_GetAttributeValue);
    LOAD(C_GenerateRandom);
    LOAD(C_EncryptInit);
    LOAD(C_Encrypt);
    LOAD(C_DecryptInit);
    LOAD(C_Decrypt);
}

static CK_ULONG slot_of(const char *label) {
    CK_ULONG slots[64], count = sizeof slots / sizeof slots[0];
    CK_TOKEN_INFO info;
    char padded[sizeof info.label + 1];
    snprintf(padded, sizeof padded, "%-32s", label);
    must("C_GetSlotList", C_GetSlotList(1, slots, &count));
    for (CK_ULONG i = 0; i < count; i++) {
        must("C_GetTokenInfo", C_GetTokenInfo(slots[i], &info));
        if (memcmp(info.label, padded, sizeof info.label) == 0) {
            return slots[i];
        }
    }
    fail("there is no such token");
    return 0;
}

static CK_ULONG open_session(CK_ULONG slot) {
    CK_ULONG session, flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
    must("C_OpenSession", C_OpenSession(slot, flags, NULL, NULL, &session));
    return session;
}

static void login(CK_ULONG session, const char *pin_file) {
    CK_BYTE pin[256];
    FILE *file = fopen(pin_file, "r");
    if (file == NULL) {
        fail("the PIN file cannot be read");
    }
    size_t length = fread(pin, 1, sizeof pin, file);
    fclose(file);
    while (length > 0 && (pin[length - 1] == '\n' || pin[length - 1] == '\r')) {
        length--;
    }
    must("C_Login", C_Login(session, CKU_USER, pin, length));
    memset(pin, 0, sizeof pin);
}

static int label_begins(CK_ULONG session, CK_ULONG key, const char *prefix) {
    char label[256] = {0};
    CK_ATTRIBUTE wanted = {CKA_LABEL, label, sizeof label - 1};
    must("C_GetAttributeValue", C_GetAttributeValue(session, key, &wanted, 1));
    return strncmp(label, prefix, strlen(prefix)) == 0;
}

static CK_ULONG find_key(CK_ULONG session, const char *prefix) {
    CK_ULONG class = CKO_SECRET_KEY, keys[64], count, key = 0, found = 0;
    CK_ATTRIBUTE wanted[] = {{CKA_CLASS, &class, sizeof class}};
    must("C_FindObjectsInit", C_FindObjectsInit(session, wanted, 1));
    must("C_FindObjects", C_FindObjects(session, keys, 64, &count));
    must("C_FindObjectsFinal", C_FindObjectsFinal(session));
    for (CK_ULONG i = 0; i < count; i++) {
        if (label_begins(session, keys[i], prefix)) {
            key = keys[i];
            found++;
        }
    }
    if (found != 1) {
        fail("the token does not have exactly one key with a label that begins so");
    }
    return key;
}

/* --- what is measured --------------------------------------------------------------------- */

/* The length of AAD is that of Keyhold: 34 bytes of header and a context with one entry. */
enum { MESSAGE = 1024, DATA_KEY = 32, IV = 12, AAD = 52, TAG = 16, BLOBS = 256, MOST_THREADS = 2 };

struct blob {
    CK_BYTE iv[IV], sealed[MESSAGE + TAG];
};

struct worker {
    CK_ULONG session;
    struct blob blobs[BLOBS];
    double seconds;
    long operations;
};

static CK_ULONG key;
static CK_BYTE aad[AAD], message[MESSAGE];
static struct worker workers[MOST_THREADS];

static CK_MECHANISM mechanism(CK_GCM_PARAMS *parameters, CK_BYTE *iv) {
    *parameters = (CK_GCM_PARAMS){iv, IV, 8 * IV, aad, AAD, 8 * TAG};
    return (CK_MECHANISM){CKM_AES_GCM, parameters, sizeof *parameters};
}

static void seal(CK_ULONG session, CK_BYTE *plaintext, CK_ULONG size, struct blob *blob) {
    CK_GCM_PARAMS parameters;
    CK_MECHANISM gcm = mechanism(&parameters, blob->iv);
    CK_ULONG length = sizeof blob->sealed;
    must("C_GenerateRandom", C_GenerateRandom(session, blob->iv, IV));
    must("C_EncryptInit", C_EncryptInit(session, &gcm, key));
    must("C_Encrypt", C_Encrypt(session, plaintext, size, blob->sealed, &length));
    if (length != size + TAG) {
        fail("a ciphertext has another length");
    }
}

static void encrypt(CK_ULONG session, struct blob *blob) {
    seal(session, message, MESSAGE, blob);
}

static void generate_random(CK_ULONG session, struct blob *unused) {
    CK_BYTE bytes[DATA_KEY];
    (void)unused;
    must("C_GenerateRandom", C_GenerateRandom(session, bytes, DATA_KEY));
}

static void generate_data_key(CK_ULONG session, struct blob *unused) {
    CK_BYTE data_key[DATA_KEY];
    struct blob blob;
    (void)unused;
    must("C_GenerateRandom", C_GenerateRandom(session, data_key, DATA_KEY));
    seal(session, data_key, DATA_KEY, &blob);
}

static void decrypt(CK_ULONG session, struct blob *blob) {
    CK_BYTE out[MESSAGE + TAG];
    CK_GCM_PARAMS parameters;
    CK_MECHANISM gcm = mechanism(&parameters, blob->iv);
    CK_ULONG length = sizeof out;
    must("C_DecryptInit", C_DecryptInit(session, &gcm, key));
    must("C_Decrypt", C_Decrypt(session, blob->sealed, sizeof blob->sealed, out, &length));
    if (length != MESSAGE || memcmp(out, message, MESSAGE) != 0) {
        fail("a plaintext came back changed");
    }
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void (*operation)(CK_ULONG, struct blob *);

static void *work(void *argument) {
    struct worker *worker = argument;
    double end = now() + worker->seconds;
    for (worker->operations = 0; now() < end; worker->operations++) {
        operation(worker->session, &worker->blobs[worker->operations % BLOBS]);
    }
    return NULL;
}

static double operations_per_second(int threads, double seconds) {
    pthread_t handles[MOST_THREADS];
    double start = now();
    long operations = 0;
    for (int i = 0; i < threads; i++) {
        workers[i].seconds = seconds;
        if (pthread_create(&handles[i], NULL, work, &workers[i]) != 0) {
            fail("no thread");
        }
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(handles[i], NULL);
        operations += workers[i].operations;
    }
    return operations / (now() - start);
}

static void choose(const char *verb) {
    static const struct {
        const char *name;
        void (*operation)(CK_ULONG, struct blob *);
    } verbs[] = {
        {"encrypt", encrypt},
        {"decrypt", decrypt},
        {"generatedatakey", generate_data_key},
        {"generaterandom", generate_random},
    };
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(verb, verbs[i].name) == 0) {
            operation = verbs[i].operation;
            return;
        }
    }
    fail("there is no such verb");
}

static void answer(const char *line) {
    char verb[32];
    int threads;
    double seconds;
    if (sscanf(line, "%31s %d %lf", verb, &threads, &seconds) != 3 || threads < 1
            || threads > MOST_THREADS) {
        fail("expected: VERB THREADS SECONDS");
    }
    choose(verb);
    printf("%.1f\n", operations_per_second(threads, seconds));
    fflush(stdout);
}

int main(int count, char **arguments) {
    CK_C_INITIALIZE_ARGS locking = {.flags = CKF_OS_LOCKING_OK};
    char line[64];
    if (count != 5) {
        fail("usage: token_bench LIBRARY TOKEN_LABEL PIN_FILE KEY_LABEL");
    }
    load(arguments[1]);
    must("C_Initialize", C_Initialize(&locking));
    CK_ULONG slot = slot_of(arguments[2]);
    for (int i = 0; i < MOST_THREADS; i++) {
        workers[i].session = open_session(slot);
    }
    login(workers[0].session, arguments[3]);
    key = find_key(workers[0].session, arguments[4]);
    for (int i = 0; i < MOST_THREADS; i++) {
        for (int j = 0; j < BLOBS; j++) {
            encrypt(workers[i].session, &workers[i].blobs[j]);
        }
    }
    while (fgets(line, sizeof line, stdin) != NULL) {
        answer(line);
    }
    must("C_Finalize", C_Finalize(NULL));
    return 0;
}
