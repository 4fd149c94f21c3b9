namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>The recurrent cells. Gates are in Keras's order.</summary>
internal enum RecurrentKind
{
    /// <summary>h' = a(x·K + b + h·R)</summary>
    Simple,

    /// <summary>Gates i, f, c, o: c' = f⊙c + i⊙a(…), h' = o⊙a(c')</summary>
    Lstm,

    /// <summary>Gates z, r, h; n = a(xh + r⊙(h·R + b)), h' = z⊙h + (1 − z)⊙n. Bias (2, 3·units).</summary>
    GruResetAfter,

    /// <summary>Gates z, r, h; n = a(xh + (r⊙h)·R). Bias (3·units).</summary>
    GruResetBefore,
}
