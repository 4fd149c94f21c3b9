using System.CommandLine;
using System.Globalization;
using KerasCompat.Runtime;
using KerasCompat.Runtime.OpenCl;

namespace KerasCompat.Convert.Data;

/// <summary>The option <c>--device</c>.</summary>
internal static class DeviceName
{
    public static Option<string> Option() =>
        new("--device") { Description = "What computes: cpu, gpu (the first that OpenCL offers), auto (a GPU where there is one, else the CPU), or opencl:N of convert devices.", DefaultValueFactory = _ => "cpu" };

    /// <param name="name">What the user typed.</param>
    /// <param name="onnx">What "onnx" stands for; null where that is no device.</param>
    /// <exception cref="ArgumentException">It is no device's name.</exception>
    /// <exception cref="UnsupportedModelException">There is no such device.</exception>
    public static Device Parse(string name, Func<Device>? onnx = null) => name switch
    {
        "onnx" when onnx is not null => onnx(),
        "cpu" => Device.Cpu,
        "auto" => Device.Auto,
        "gpu" => Device.OpenCl(),
        _ when name.StartsWith("opencl:", StringComparison.Ordinal) && int.TryParse(name["opencl:".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int number) => Device.OpenCl(number),
        _ => throw new ArgumentException($"Device \"{name}\"; expected cpu, gpu, auto{(onnx is null ? string.Empty : ", onnx")} or opencl:N."),
    };

    /// <summary>The name by which <see cref="Parse"/> finds a device.</summary>
    public static string Of(Device device) => device == Device.Cpu ? "cpu" : device is OpenClDevice ? device.Name : "onnx";
}
