using System.CommandLine;
using KerasCompat.Runtime;
using KerasCompat.Runtime.OpenCl;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Commands;

/// <summary><c>convert devices</c>: what models can be computed on here.</summary>
internal static class DevicesCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("devices", "List what models can be computed on here.") { json };
        command.SetAction(parsed => Failures.Guard(parsed.GetValue(json), () =>
        {
            IReadOnlyList<DeviceDescription> devices = Device.List();
            if (parsed.GetValue(json))
            {
                Console.WriteLine(new JArray(devices.Select(d => new JObject
                {
                    ["name"] = d.Name,
                    ["hardware"] = d.Hardware,
                    ["platform"] = d.Platform,
                    ["kind"] = d.Kind,
                    ["memory"] = d.MemoryBytes,
                    ["float64"] = d.HasDouble,
                })));
                return ExitCode.Ok;
            }

            foreach (DeviceDescription d in devices)
            {
                Console.WriteLine($"{d.Name,-10} {d.Kind,-11} {d.Hardware} ({d.Platform}), {d.MemoryBytes / (1 << 20):N0} MiB{(d.HasDouble ? string.Empty : ", no float64")}");
            }

            if (OpenClDevice.Reason is { } reason)
            {
                Console.WriteLine($"no OpenCL device: {reason}");
            }

            return ExitCode.Ok;
        }));
        return command;
    }
}
