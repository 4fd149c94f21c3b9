namespace KerasCompat.Runtime;

/// <summary>A device that models can be computed on.</summary>
/// <param name="Name">What <c>--device</c> takes: <c>cpu</c>, <c>opencl:0</c>.</param>
/// <param name="Hardware">The maker's name of the device.</param>
/// <param name="Platform">The driver that offers it, and its version.</param>
/// <param name="Kind">CPU, GPU or accelerator.</param>
/// <param name="MemoryBytes">The device's memory.</param>
/// <param name="HasDouble">Whether it computes float64; where not, operators of float64 run on the CPU.</param>
public sealed record DeviceDescription(string Name, string Hardware, string Platform, string Kind, long MemoryBytes, bool HasDouble);
