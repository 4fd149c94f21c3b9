using System.Runtime.InteropServices;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>An argument of a kernel: a slot of the plan, a number, or local memory.</summary>
internal readonly record struct KernelArgument(int Slot, byte[]? Number, int LocalBytes)
{
    public static implicit operator KernelArgument(Cpu.Slot slot) => new(slot.Index, null, 0);

    public static implicit operator KernelArgument(int number) => new(-1, Bytes(number), 0);

    public static implicit operator KernelArgument(float number) => new(-1, Bytes(number), 0);

    public static implicit operator KernelArgument(double number) => new(-1, Bytes(number), 0);

    public static implicit operator KernelArgument(ulong number) => new(-1, Bytes(number), 0);

    /// <summary>Memory that a group of work-items shares while it runs.</summary>
    public static KernelArgument Local(int bytes) => new(-1, null, bytes);

    /// <summary>A number of the kernel's floating type.</summary>
    public static KernelArgument Real(double number, DType type) => type == DType.Float64 ? (KernelArgument)number : (float)number;

    /// <summary>Several numbers, one after another.</summary>
    public static IEnumerable<KernelArgument> All(IEnumerable<int> numbers) => numbers.Select(n => (KernelArgument)n);

    private static byte[] Bytes<T>(T number)
        where T : unmanaged => MemoryMarshal.AsBytes([number]).ToArray();
}
