/*
 * A PKCS#11 module in front of another one, which a test tells how to fail. Both look at one
 * shared page: the test writes what shall happen, the shim counts what did.
 *
 * The real module is named by KEYHOLD_SHIM_LIBRARY, the shared file by KEYHOLD_SHIM_CONTROL.
 * Every argument of every PKCS#11 function is as wide as a register, so one forwarder serves all.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

typedef unsigned long word;
typedef word (*function)(word, word, word, word, word, word, word, word);

#define CKR_OK 0x0UL
#define CKR_GENERAL_ERROR 0x5UL
#define CKR_DEVICE_ERROR 0x30UL

/* The functions of PKCS#11 v2.40 in the order of CK_FUNCTION_LIST. */
#define FUNCTIONS(X)                                                                             \
    X(C_Initialize) X(C_Finalize) X(C_GetInfo) X(C_GetFunctionList) X(C_GetSlotList)             \
    X(C_GetSlotInfo) X(C_GetTokenInfo) X(C_GetMechanismList) X(C_GetMechanismInfo)               \
    X(C_InitToken) X(C_InitPIN) X(C_SetPIN) X(C_OpenSession) X(C_CloseSession)                   \
    X(C_CloseAllSessions) X(C_GetSessionInfo) X(C_GetOperationState) X(C_SetOperationState)      \
    X(C_Login) X(C_Logout) X(C_CreateObject) X(C_CopyObject) X(C_DestroyObject)                  \
    X(C_GetObjectSize) X(C_GetAttributeValue) X(C_SetAttributeValue) X(C_FindObjectsInit)        \
    X(C_FindObjects) X(C_FindObjectsFinal) X(C_EncryptInit) X(C_Encrypt) X(C_EncryptUpdate)      \
    X(C_EncryptFinal) X(C_DecryptInit) X(C_Decrypt) X(C_DecryptUpdate) X(C_DecryptFinal)         \
    X(C_DigestInit) X(C_Digest) X(C_DigestUpdate) X(C_DigestKey) X(C_DigestFinal) X(C_SignInit)  \
    X(C_Sign) X(C_SignUpdate) X(C_SignFinal) X(C_SignRecoverInit) X(C_SignRecover)               \
    X(C_VerifyInit) X(C_Verify) X(C_VerifyUpdate) X(C_VerifyFinal) X(C_VerifyRecoverInit)        \
    X(C_VerifyRecover) X(C_DigestEncryptUpdate) X(C_DecryptDigestUpdate) X(C_SignEncryptUpdate)  \
    X(C_DecryptVerifyUpdate) X(C_GenerateKey) X(C_GenerateKeyPair) X(C_WrapKey) X(C_UnwrapKey)   \
    X(C_DeriveKey) X(C_SeedRandom) X(C_GenerateRandom) X(C_GetFunctionStatus)                    \
    X(C_CancelFunction) X(C_WaitForSlotEvent)

#define AS_NUMBER(name) name,
#define AS_TEXT(name) #name,
enum { FUNCTIONS(AS_NUMBER) COUNT };

/* CK_FUNCTION_LIST. */
struct list {
    unsigned char version[2];
    function at[COUNT];
};

/* What io.keyhold.token.pkcs11.Shim knows of one function. */
struct rule {
    char name[32];
    _Atomic uint64_t calls;  /* counted here */
    _Atomic uint64_t inside; /* threads that are in it now */
    _Atomic int64_t times;   /* how many calls the rest is still for */
    _Atomic uint64_t code;   /* what they answer; 0: what the real one does */
    _Atomic uint64_t after;  /* whether the real one is called first */
    _Atomic uint64_t hang;   /* they wait here until this is 0 */
};

struct control {
    _Atomic uint64_t removed; /* the device is gone; stays lost until C_Initialize finds it back */
    _Atomic uint64_t shuffle; /* how far every object's handle moves at each C_Initialize */
    _Atomic uint64_t lie;     /* from the next C_Initialize on, a key is used in another's place */
    uint64_t reserved;
    struct rule rules[COUNT];
};

static struct list *real;
static struct control *control;
static atomic_bool lost;
static _Atomic word shift;
static atomic_bool lying;

static pthread_mutex_t seen_lock = PTHREAD_MUTEX_INITIALIZER;
static word seen[1024];
static size_t seen_count;

static bool lost_now(int f)
{
    if (f == C_Initialize || f == C_Finalize)
        return false;
    if (control->removed)
        lost = true;
    return lost;
}

static bool taken(struct rule *rule)
{
    int64_t left = rule->times;
    while (left > 0)
        if (atomic_compare_exchange_weak(&rule->times, &left, left - 1))
            return true;
    return false;
}

static word shown(word handle) { return handle ? handle + shift : 0; }

static word meant(word handle) { return handle > shift ? handle - shift : 0; }

static void note(const word *handles, word count)
{
    pthread_mutex_lock(&seen_lock);
    for (word i = 0; i < count; i++) {
        size_t k = 0;
        while (k < seen_count && seen[k] != handles[i])
            k++;
        if (k == seen_count && seen_count < sizeof seen / sizeof *seen)
            seen[seen_count++] = handles[i];
    }
    pthread_mutex_unlock(&seen_lock);
}

static word used(word handle)
{
    word instead = meant(handle);
    pthread_mutex_lock(&seen_lock);
    for (size_t k = 0; lying && k < seen_count; k++)
        if (seen[k] == meant(handle))
            instead = seen[(k + 1) % seen_count];
    pthread_mutex_unlock(&seen_lock);
    return instead;
}

static word forward(int f, word a, word b, word c, word d, word e, word g, word h, word i)
{
    switch (f) {
    case C_EncryptInit:
    case C_DecryptInit:
        c = used(c);
        break;
    case C_DestroyObject:
    case C_GetAttributeValue:
    case C_SetAttributeValue:
    case C_CopyObject:
        b = meant(b);
        break;
    default:
        break;
    }
    word answer = real->at[f](a, b, c, d, e, g, h, i);
    if (answer != CKR_OK)
        return answer;
    if (f == C_FindObjects) {
        note((word *)b, *(word *)d);
        for (word k = 0; k < *(word *)d; k++)
            ((word *)b)[k] = shown(((word *)b)[k]);
    } else if (f == C_GenerateKey) {
        *(word *)e = shown(*(word *)e);
    } else if (f == C_Initialize) {
        lost = control->removed != 0;
        shift = control->shuffle ? shift + control->shuffle : 0;
        lying = control->lie != 0;
        seen_count = 0;
    }
    return answer;
}

static word pass(int f, word a, word b, word c, word d, word e, word g, word h, word i)
{
    struct rule *rule = &control->rules[f];
    bool mine = taken(rule);
    while (mine && rule->hang)
        usleep(1000);
    if (lost_now(f)) {
        if (f != C_GetSlotList)
            return CKR_DEVICE_ERROR;
        *(word *)c = 0;
        return CKR_OK;
    }
    if (mine && rule->code && !rule->after)
        return rule->code;
    word answer = forward(f, a, b, c, d, e, g, h, i);
    return mine && rule->code && rule->after ? rule->code : answer;
}

static word gate(int f, word a, word b, word c, word d, word e, word g, word h, word i)
{
    control->rules[f].calls++;
    control->rules[f].inside++;
    word answer = pass(f, a, b, c, d, e, g, h, i);
    control->rules[f].inside--;
    return answer;
}

#define AS_FORWARDER(name)                                                                       \
    static word shim_##name(word a, word b, word c, word d, word e, word g, word h, word i)      \
    {                                                                                            \
        return gate(name, a, b, c, d, e, g, h, i);                                               \
    }
FUNCTIONS(AS_FORWARDER)

#define AS_ENTRY(name) shim_##name,
static struct list shim = {{2, 40}, {FUNCTIONS(AS_ENTRY)}};

static bool map_control(void)
{
    static const char *names[] = {FUNCTIONS(AS_TEXT)};
    const char *path = getenv("KEYHOLD_SHIM_CONTROL");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0)
        return false;
    void *page = MAP_FAILED;
    if (ftruncate(file, sizeof *control) == 0)
        page = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (page == MAP_FAILED)
        return false;
    control = page;
    for (int f = 0; f < COUNT; f++)
        snprintf(control->rules[f].name, sizeof control->rules[f].name, "%s", names[f]);
    return true;
}

static bool load_real(void)
{
    const char *path = getenv("KEYHOLD_SHIM_LIBRARY");
    void *library = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
    word (*get)(struct list **) = NULL;
    if (library)
        *(void **)&get = dlsym(library, "C_GetFunctionList");
    return get && get(&real) == CKR_OK;
}

word C_GetFunctionListOfShim(struct list **answer) __asm__("C_GetFunctionList");

/* Called once, before any other. */
word C_GetFunctionListOfShim(struct list **answer)
{
    if (!control && !(load_real() && map_control())) {
        control = NULL;
        return CKR_GENERAL_ERROR;
    }
    *answer = &shim;
    return CKR_OK;
}
