namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// A vector register of floats, so that a kernel is written once and compiled for every width: 16 lanes
/// (<see cref="Lanes512"/>), 8 (<see cref="Lanes256"/>), 4 (<see cref="Lanes128"/>) and 1 (<see cref="Lanes1"/>, plain
/// scalar code). Every implementation is a struct around one register and every member is inlined, so generic code over
/// <typeparamref name="V"/> becomes the same instructions as hand-written code for that width.
/// </summary>
/// <remarks>
/// A comparison gives a mask: all bits of a lane are set where it holds. The partial loads and stores touch only the
/// first <c>count</c> floats of memory, which is how a loop treats a remainder shorter than a register.
/// </remarks>
internal unsafe interface ILanes<V>
    where V : struct, ILanes<V>
{
    /// <summary>Floats in a register.</summary>
    static abstract int Count { get; }

    static abstract V Zero { get; }

    static abstract V Broadcast(float value);

    static abstract V Load(float* source);

    /// <summary>The first <paramref name="count"/> lanes from memory (0 to <see cref="Count"/>), zero in the others.</summary>
    static abstract V LoadPartial(float* source, int count);

    /// <summary>The first <paramref name="count"/> lanes from memory, the others from <paramref name="rest"/>.</summary>
    static abstract V LoadPartial(float* source, int count, V rest);

    static abstract void Store(V value, float* target);

    static abstract void StorePartial(V value, float* target, int count);

    static abstract V operator +(V left, V right);

    static abstract V operator -(V left, V right);

    static abstract V operator *(V left, V right);

    static abstract V operator /(V left, V right);

    static abstract V operator &(V left, V right);

    static abstract V operator |(V left, V right);

    static abstract V operator ^(V left, V right);

    /// <summary>a·b + c, rounded once where the machine has fused multiply-add.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    /// <summary>The larger; where one is NaN, the second operand. So <c>Max(bound, x)</c> keeps a NaN of x.</summary>
    static abstract V Max(V bound, V x);

    /// <summary>The smaller; where one is NaN, the second operand. So <c>Min(bound, x)</c> keeps a NaN of x.</summary>
    static abstract V Min(V bound, V x);

    static abstract V Sqrt(V x);

    /// <summary>To the nearest whole number, ties to even.</summary>
    static abstract V Round(V x);

    static abstract V Floor(V x);

    static abstract V LessThan(V left, V right);

    static abstract V LessThanOrEqual(V left, V right);

    static abstract V EqualTo(V left, V right);

    /// <summary><paramref name="whenTrue"/> where the mask is set.</summary>
    static abstract V Select(V mask, V whenTrue, V whenFalse);

    /// <summary>x · 2^n for whole n; overflows to infinity and underflows through the denormals.</summary>
    static abstract V ScaleByPowerOfTwo(V x, V n);

    /// <summary>2^n for whole n from −126 to 127.</summary>
    static abstract V PowerOfTwo(V n);

    /// <summary>Subtracts the lanes as 32-bit integers.</summary>
    static abstract V SubtractBits(V left, V right);

    /// <summary>Shifts each lane's bits right, keeping the sign.</summary>
    static abstract V ShiftBitsRight(V x, int count);

    static abstract V ShiftBitsLeft(V x, int count);

    /// <summary>The lanes' bits, read as 32-bit integers, as floats.</summary>
    static abstract V BitsToFloat(V x);

    /// <summary>The lanes' sum: halves added to each other until one is left.</summary>
    static abstract float Sum(V x);

    /// <summary>The largest lane, NaN if one is NaN.</summary>
    static abstract float MaxAcross(V x);

    /// <summary>The smallest lane, NaN if one is NaN.</summary>
    static abstract float MinAcross(V x);
}
