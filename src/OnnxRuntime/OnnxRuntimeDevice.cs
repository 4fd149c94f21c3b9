using KerasCompat.Onnx;
using KerasCompat.OnnxRuntime;

// The device's own namespace, so that Device.OnnxRuntime is there wherever Device is and this project is referenced.
namespace KerasCompat.Runtime;

/// <summary>ONNX Runtime as a device: graphs are written as ONNX and run by its native library.</summary>
public static class OnnxRuntimeDevice
{
    private static readonly Device AllCores = new Session(threads: 0);

    extension(Device)
    {
        /// <summary>ONNX Runtime on the CPU, on as many threads as there are cores.</summary>
        /// <remarks>Numbers are those of its kernels, which sum in another order than <see cref="Device.Cpu"/>; tolerances of a few 1e-6 remain.</remarks>
        public static Device OnnxRuntime => AllCores;
    }

    /// <summary>ONNX Runtime on so many threads.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is not at least one.</exception>
    public static Device OnThreads(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return new Session(threads);
    }

    private sealed class Session(int threads) : Device
    {
        public override string Name => "ONNX Runtime";

        public override IExecutable Prepare(Graph graph)
        {
            byte[] model = OnnxExporter.Export(graph).ToBytes();
            try
            {
                return new OnnxExecutable(graph, new OnnxSession(model, threads));
            }
            catch (OnnxRuntimeException e)
            {
                throw new UnsupportedModelException(Name, e.Message, "a model that it runs", "use Device.Cpu");
            }
        }
    }
}
