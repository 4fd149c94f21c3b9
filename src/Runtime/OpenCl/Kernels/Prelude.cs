namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>Functions in OpenCL C that the language lacks or defines otherwise than numpy does, at the head of every kernel that computes.</summary>
/// <remarks>NaN passes through maximum and minimum; integers divide by zero to zero; casts outside the range give the smallest number, as on x86-64.</remarks>
internal static class Prelude
{
    public const string Source = """
        #ifdef cl_khr_fp64
        #pragma OPENCL EXTENSION cl_khr_fp64 : enable
        #endif
        #pragma OPENCL FP_CONTRACT OFF
        #define NMAX(a, b) ((a) > (b) || (a) != (a) ? (a) : (b))
        #define NMIN(a, b) ((a) < (b) || (a) != (a) ? (a) : (b))
        #define SIGN(x) ((x) != (x) ? (x) : ((x) > 0) - ((x) < 0))
        #define TRUNC_DIV(a, b) ((b) == 0 ? 0 : (b) == -1 ? -(a) : (a) / (b))
        #define TRUNC_MOD(a, b) ((b) == 0 || (b) == -1 ? 0 : (a) % (b))
        #define TO_INT(x) ((x) >= -2147483648.0f && (x) < 2147483648.0f ? (int)(x) : INT_MIN)
        #define TO_LONG(x) ((x) >= -9223372036854775808.0f && (x) < 9223372036854775808.0f ? (long)(x) : LONG_MIN)
        #define TO_ULONG(x) ((x) < 0 ? (ulong)TO_LONG(x) : convert_ulong_sat(x))
        inline int floor_div_int(int a, int b) { int q = TRUNC_DIV(a, b), r = TRUNC_MOD(a, b); return r != 0 && (r < 0) != (b < 0) ? q - 1 : q; }
        inline long floor_div_long(long a, long b) { long q = TRUNC_DIV(a, b), r = TRUNC_MOD(a, b); return r != 0 && (r < 0) != (b < 0) ? q - 1 : q; }
        inline int floor_mod_int(int a, int b) { int r = TRUNC_MOD(a, b); return r != 0 && (r < 0) != (b < 0) ? r + b : r; }
        inline long floor_mod_long(long a, long b) { long r = TRUNC_MOD(a, b); return r != 0 && (r < 0) != (b < 0) ? r + b : r; }
        #define FLOOR(T) inline T floor_div_##T(T a, T b) \
        { \
            if (b == 0) return a / b; \
            T r = fmod(a, b), q = (a - r) / b; \
            if (r != 0 && (r < 0) != (b < 0)) q -= 1; \
            return q == 0 ? copysign((T)0, a / b) : rint(q); \
        } \
        inline T floor_mod_##T(T a, T b) \
        { \
            T r = fmod(a, b); \
            return r == 0 ? copysign((T)0, b) : (r < 0) != (b < 0) ? r + b : r; \
        }
        FLOOR(float)
        // The CPU executor's functions (Elementary), within 2 units in the last place. Without branches, so that a compiler for a CPU makes
        // vectors of them. A driver's own are as slow as calls on some CPUs, and off by as much as 16 units where OpenCL lets them.
        #define FUNCTIONS(T, I) \
        inline T reduced_##T(T x, T n) \
        { \
            T r = fma(n, (T)2.12194440e-4f, fma(n, (T)-0.693359375f, x)); \
            T p = fma(fma(fma((T)1.9875691500e-4f, r, (T)1.3981999507e-3f), r, (T)8.3334519073e-3f), r, (T)4.1665795894e-2f); \
            p = fma(fma(p, r, (T)1.6666665459e-1f), r, (T)5.0000001201e-1f); \
            return fma(p * r, r, r); \
        } \
        inline T exp_##T(T x) \
        { \
            T y = x > 89 ? (T)89 : x; \
            y = y < -104 ? (T)-104 : y; \
            T shifted = fma(y, (T)1.44269504f, (T)12582912); \
            I n = as_##I(shifted) - 0x4b400000, half_ = n >> 1; \
            return (1 + reduced_##T(y, shifted - 12582912)) * as_##T((half_ + 127) << 23) * as_##T((n - half_ + 127) << 23); \
        } \
        inline T small_expm1_##T(T x) \
        { \
            T shifted = fma(x, (T)1.44269504f, (T)12582912); \
            T power = as_##T((as_##I(shifted) - 0x4b400000 + 127) << 23); \
            return fma(reduced_##T(x, shifted - 12582912), power, power - 1); \
        } \
        inline T tanh_##T(T x) \
        { \
            T y = fabs(x); \
            y = small_expm1_##T(2 * (y > 10 ? (T)10 : y)); \
            return copysign(y / (y + 2), x); \
        } \
        inline T erf_##T(T x) \
        { \
            T t = fabs(x) > 4 ? (T)4 : fabs(x), s = t * t; \
            T far = fma(fma((T)-1.72853470e-5f, t, (T)3.83197126e-4f), s, fma((T)-3.88396438e-3f, t, (T)2.42546219e-2f)); \
            far = fma(fma(fma(far, t, (T)-1.06777877e-1f), t, (T)-6.34846687e-1f), t, (T)-1.28717512e-1f); \
            T near = fma(fma((T)-5.96761703e-4f, s, (T)4.99119423e-3f), s, (T)-2.67681349e-2f); \
            near = fma(fma(fma(near, s, (T)1.12819925e-1f), s, (T)-3.76125336e-1f), s, (T)1.28379166e-1f); \
            return copysign(t < 0.927734375f ? fma(near, t, t) : -small_expm1_##T(fma(far, t, -t)), x); \
        }
        FUNCTIONS(float, int)
        FUNCTIONS(float16, int16)
        inline ushort round_bfloat16(float x)
        {
            uint u = as_uint(x);
            return x != x ? (ushort)((u >> 16) | 0x40) : (ushort)((u + 0x7fff + ((u >> 16) & 1)) >> 16);
        }
        #ifdef cl_khr_fp64
        FLOOR(double)
        #endif

        """;
}
