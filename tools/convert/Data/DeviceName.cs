using System.CommandLine;
using System.Globalization;
using KerasCompat.Runtime;
using KerasCompat.Runtime.OpenCl;

namespace KerasCompat.Convert.Data;

/// <summary>Names of devices.</summary>
internal static class DeviceName
{
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

    /// <summary>The name by which <see cref="Parse"/> finds a device, and what is unusual about it.</summary>
    public static string Of(Device device) => device == Device.Cpu ? "cpu" : device is OpenClDevice ? device.Name : "onnx";
}

/// <summary>The options of a command that say what computes: <c>--device</c>, and how it does.</summary>
internal sealed class DeviceOptions
{
    private readonly Option<string> _device =
        new("--device") { Description = "What computes: cpu, gpu (the first that OpenCL offers), auto (a GPU where there is one, else the CPU), or opencl:N of convert devices.", DefaultValueFactory = _ => "cpu" };

    private readonly Option<string> _storage =
        new("--storage") { Description = "How an OpenCL device keeps float32 weights: float32, or float16, rounded, in half the memory.", DefaultValueFactory = _ => "float32" };

    private readonly Option<string> _products =
        new("--products") { Description = "What multiplies matrices on an OpenCL device: own kernels; clblast; or fastest, the one that is ahead when a shape is first met.", DefaultValueFactory = _ => "own" };

    public DeviceOptions()
    {
        _storage.AcceptOnlyFromAmong("float32", "float16");
        _products.AcceptOnlyFromAmong("own", "fastest", "clblast");
    }

    public void AddTo(Command command)
    {
        command.Add(_device);
        command.Add(_storage);
        command.Add(_products);
    }

    /// <exception cref="ArgumentException">It is no device's name, or the device cannot do what is asked of it.</exception>
    /// <exception cref="UnsupportedModelException">There is no such device.</exception>
    public Device Of(ParseResult parsed)
    {
        string name = parsed.GetValue(_device)!;
        var options = new OpenClOptions
        {
            Storage = parsed.GetValue(_storage) == "float16" ? DType.Float16 : DType.Float32,
            Products = Enum.Parse<MatrixProducts>(parsed.GetValue(_products)!, ignoreCase: true),
        };
        return (DeviceName.Parse(name), options == new OpenClOptions()) switch
        {
            (var device, true) => device,
            (OpenClDevice device, _) => device.With(options),
            var (device, _) => throw new ArgumentException(
                $"{string.Join(" and ", ((Option[])[_storage, _products]).Where(o => parsed.GetResult(o) is { Implicit: false }).Select(o => o.Name))} is for OpenCL devices; "
                + $"\"{name}\" is the {device.Name} here. Leave it out, or name a device of convert devices."),
        };
    }
}
