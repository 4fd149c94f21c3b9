using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>The memory of one row's block of units in a step.</summary>
internal unsafe struct CellMemory
{
    /// <summary>h·R, gate after gate.</summary>
    public float* Sums;

    /// <summary>x·K + b, gate after gate.</summary>
    public float* Input;

    /// <summary>The recurrent bias of a reset-after GRU's candidate.</summary>
    public float* Bias;

    /// <summary>The hidden state before the step.</summary>
    public float* Hidden;

    /// <summary>An LSTM's cell state; a reset-before GRU keeps its update gate here between its two products.</summary>
    public float* Cell;

    /// <summary>A reset-before GRU's r⊙h.</summary>
    public float* Reset;
}

/// <summary>The element-wise part of a step, on one register of units.</summary>
internal interface IRecurrentCell
{
    /// <summary>Whether the result is the new hidden state.</summary>
    static abstract bool IsLast { get; }

    static abstract V Update<V, TActivation, TGate>(TActivation activation, TGate gate, in CellMemory memory)
        where V : struct, ILanes<V>
        where TActivation : struct, IUnary
        where TGate : struct, IUnary;
}

/// <summary>h' = a(x·K + b + h·R)</summary>
internal readonly unsafe struct SimpleCell : IRecurrentCell
{
    public static bool IsLast => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Update<V, TActivation, TGate>(TActivation activation, TGate gate, in CellMemory memory)
        where V : struct, ILanes<V>
        where TActivation : struct, IUnary
        where TGate : struct, IUnary => activation.Apply(V.Load(memory.Sums) + V.Load(memory.Input));
}

/// <summary>c' = f⊙c + i⊙a(g), h' = o⊙a(c')</summary>
internal readonly unsafe struct LstmCell : IRecurrentCell
{
    public static bool IsLast => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Update<V, TActivation, TGate>(TActivation activation, TGate gate, in CellMemory memory)
        where V : struct, ILanes<V>
        where TActivation : struct, IUnary
        where TGate : struct, IUnary
    {
        V input = gate.Apply(V.Load(memory.Sums) + V.Load(memory.Input));
        V forget = gate.Apply(V.Load(memory.Sums + V.Count) + V.Load(memory.Input + V.Count));
        V candidate = activation.Apply(V.Load(memory.Sums + (2 * V.Count)) + V.Load(memory.Input + (2 * V.Count)));
        V output = gate.Apply(V.Load(memory.Sums + (3 * V.Count)) + V.Load(memory.Input + (3 * V.Count)));
        V cell = V.MultiplyAdd(forget, V.Load(memory.Cell), input * candidate);
        V.Store(cell, memory.Cell);
        return output * activation.Apply(cell);
    }
}

/// <summary>n = a(xh + r⊙(h·R + b)), h' = n + z⊙(h − n)</summary>
internal readonly unsafe struct GruResetAfterCell : IRecurrentCell
{
    public static bool IsLast => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Update<V, TActivation, TGate>(TActivation activation, TGate gate, in CellMemory memory)
        where V : struct, ILanes<V>
        where TActivation : struct, IUnary
        where TGate : struct, IUnary
    {
        V update = gate.Apply(V.Load(memory.Sums) + V.Load(memory.Input));
        V reset = gate.Apply(V.Load(memory.Sums + V.Count) + V.Load(memory.Input + V.Count));
        V recurrent = V.Load(memory.Sums + (2 * V.Count)) + V.Load(memory.Bias);
        V candidate = activation.Apply(V.MultiplyAdd(reset, recurrent, V.Load(memory.Input + (2 * V.Count))));
        return V.MultiplyAdd(update, V.Load(memory.Hidden) - candidate, candidate);
    }
}

/// <summary>The first half of a reset-before GRU: z is kept, r⊙h becomes the input of the second product.</summary>
internal readonly unsafe struct GruGates : IRecurrentCell
{
    public static bool IsLast => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Update<V, TActivation, TGate>(TActivation activation, TGate gate, in CellMemory memory)
        where V : struct, ILanes<V>
        where TActivation : struct, IUnary
        where TGate : struct, IUnary
    {
        V update = gate.Apply(V.Load(memory.Sums) + V.Load(memory.Input));
        V reset = gate.Apply(V.Load(memory.Sums + V.Count) + V.Load(memory.Input + V.Count));
        V.Store(update, memory.Cell);
        V.Store(reset * V.Load(memory.Hidden), memory.Reset);
        return update;
    }
}

/// <summary>The second half: n = a(xh + (r⊙h)·R), h' = n + z⊙(h − n)</summary>
internal readonly unsafe struct GruCandidate : IRecurrentCell
{
    public static bool IsLast => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Update<V, TActivation, TGate>(TActivation activation, TGate gate, in CellMemory memory)
        where V : struct, ILanes<V>
        where TActivation : struct, IUnary
        where TGate : struct, IUnary
    {
        V candidate = activation.Apply(V.Load(memory.Sums) + V.Load(memory.Input + (2 * V.Count)));
        return V.MultiplyAdd(V.Load(memory.Cell), V.Load(memory.Hidden) - candidate, candidate);
    }
}
